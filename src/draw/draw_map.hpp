// SPDX-License-Identifier: Apache-2.0
// LNet's response maps over the photo they were computed from.
#pragma once

#include <span>
#include <vector>

#include "facet/image.hpp"
#include "localise/localiser.hpp"

namespace facet::detail {

// A map over a whole photo: its first and last cells touch the photo's borders.
struct HeatMap {
  int height = 0;
  int width = 0;
  std::vector<float> values;  // height × width
};

// The evidence of all scales in one map, at each place the strongest. `stride`: network pixels a
// cell. The map's long side is at most `longest_side`.
HeatMap merge_scales(std::span<const ScaleMap> scales, int stride, int photo_width,
                     int photo_height, int longest_side = 1024);

// The photo, darkened and grey, under the map's heat: values up to `low` leave it clear, from
// `high` on the colour is hottest.
Image draw_map(const Image& photo, const HeatMap& map, float low, float high);

}  // namespace facet::detail
