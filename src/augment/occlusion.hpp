// SPDX-License-Identifier: Apache-2.0
// Faces that are not seen whole: masks, sunglasses, hands and posters before them, the photo's
// border.
#pragma once

#include <cstdint>

#include "augment/random.hpp"

namespace facet::detail {

// A face in a view: centre and height in view pixels, angle clockwise in radians.
struct FaceInView {
  float x = 0;
  float y = 0;
  float height = 0;
  float angle = 0;
};

// Covers a part of the face, turned as it is: its lower half, one side, its eyes, mouth and nose,
// or a rectangle anywhere on it; with one colour, with stripes of cloth, with noise or with another
// place of the view.
void hide_part(std::uint8_t* view, int side, const FaceInView& face, Random& random);

// As if the photo ended at 0.65 to 1.1 of the face's width and height: beyond, its border is
// repeated, some pixels or the whole view over, then grey follows.
void cut_close(std::uint8_t* view, int side, const FaceInView& face, Random& random);

}  // namespace facet::detail
