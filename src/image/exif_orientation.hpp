// SPDX-License-Identifier: Apache-2.0
// EXIF's orientation: finding it and undoing it.
#pragma once

#include <cstddef>
#include <span>

#include "facet/image.hpp"

namespace facet::detail {

// The orientation (1…8) that an EXIF block states: the TIFF structure, with or without "Exif\0\0"
// before it. 1 where it states none or is damaged.
int exif_orientation(std::span<const std::byte> exif);

// The upright form of an image stored with the given orientation.
Image make_upright(Image stored, int orientation);

}  // namespace facet::detail
