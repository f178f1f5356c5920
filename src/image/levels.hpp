// SPDX-License-Identifier: Apache-2.0
// Levels of a photo's channels: what is far too dark, hazy or in coloured light is stretched to
// what photos usually have.
#pragma once

#include <array>

#include "facet/image.hpp"

namespace facet::detail {

// The levels that 2 % of a channel's pixels lie below, and 2 % above.
struct Levels {
  std::array<int, 3> low{};
  std::array<int, 3> high{};
};

// Of a regular grid of at most some 20,000 pixels; the photo must not be empty.
Levels measure_levels(const ImageView& photo);

// True where no photo taken with care has such levels: a channel without bright pixels, without
// dark ones, or with hardly any difference between the two.
bool levels_are_off(const Levels& levels);

// Each channel scaled so that its levels become the usual ones. A channel without any difference
// stays as it is.
Image stretch_levels(Image photo, const Levels& levels);

// A photo in light of one colour: the other channels hold hardly more than steps of rounding, and
// stretched they would be noise.
bool is_in_one_light(const Levels& levels);
// The channel with the widest levels in all three, stretched.
Image as_grey_of_one_light(Image photo, const Levels& levels);

// The photo as it is or, where its levels are off, stretched; grey where it is in one light.
Image with_usual_levels(Image photo);

}  // namespace facet::detail
