// SPDX-License-Identifier: Apache-2.0
// Photos and boxes turned by quarters.
#pragma once

#include "facet/box.hpp"
#include "facet/image.hpp"

namespace facet::detail {

// Turned clockwise by 0, 90, 180 or 270 degrees, pixel for pixel.
Image turn_clockwise(const Image& photo, int degrees);

// A box of a photo of that size as it lies in the turned photo.
Box turn_clockwise(const Box& box, int photo_width, int photo_height, int degrees);

}  // namespace facet::detail
