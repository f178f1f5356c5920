// SPDX-License-Identifier: Apache-2.0
// Cutting and scaling photos: one function for localisation, patches and packing. Training cuts its
// views with pack/photo_view.hpp, nearly the same.
#pragma once

#include "facet/box.hpp"
#include "facet/image.hpp"

namespace facet::detail {

// Cuts `window` (fractions of pixels and parts outside the photo allowed) and scales it to
// width × height. Shrinking averages over area, enlarging interpolates bilinearly. Places
// outside the photo repeat its nearest border pixel.
Image resample(const ImageView& photo, const Box& window, int width, int height);

// The whole photo.
Image resize(const ImageView& photo, int width, int height);

// Left and right exchanged.
Image mirror(const Image& photo);

}  // namespace facet::detail
