// SPDX-License-Identifier: Apache-2.0
// Cutting squares that do not stand upright.
#pragma once

#include "facet/image.hpp"

namespace facet::detail {

// A square in a photo, turned clockwise about its centre by `angle` radians.
struct TurnedSquare {
  float centre_x = 0;
  float centre_y = 0;
  float side = 0;
  float angle = 0;
};

// The square, upright, as pixels × pixels. Upright squares give what resample() gives; places
// outside the photo repeat its nearest border pixel. Throws Error(invalid_argument) for a square
// without a side, or one that is not finite.
Image cut_square(const ImageView& photo, const TurnedSquare& square, int pixels);

}  // namespace facet::detail
