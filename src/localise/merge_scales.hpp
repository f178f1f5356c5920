// SPDX-License-Identifier: Apache-2.0
// LNet's response maps, one a scale, as a single map over the photo.
#pragma once

#include <span>

#include "image/heat_map.hpp"
#include "localise/scale_map.hpp"

namespace facet::detail {

// The evidence of all scales in one map, at each place the strongest and at least 0. `stride`:
// network pixels a cell. The map's long side is at most `longest_side`.
HeatMap merge_scales(std::span<const ScaleMap> scales, int stride, int photo_width,
                     int photo_height, int longest_side = 1024);

}  // namespace facet::detail
