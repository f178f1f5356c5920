// SPDX-License-Identifier: Apache-2.0
#include "localise/merge_scales.hpp"

#include <algorithm>
#include <cmath>

namespace facet::detail {
namespace {

// Where a row or column of the merged map lies between two of a scale's cells.
struct Between {
  std::size_t first = 0;
  std::size_t second = 0;
  float towards_second = 0;  // 0…1
};

// std::lerp is exact at its ends, and slower than all else here.
float blend(float a, float b, float towards_b) {
  return a + (b - a) * towards_b;
}

// `cell` is the side of a cell in pixels of the merged map. Beyond the outermost cells' centres
// their own values hold.
std::vector<Between> places(int pixels, int cells, double cell) {
  std::vector<Between> result;
  result.reserve(static_cast<std::size_t>(pixels));
  for (int i = 0; i < pixels; ++i) {
    const double at = std::clamp((i + 0.5) / cell - 0.5, 0.0, cells - 1.0);
    const auto first = static_cast<std::size_t>(at);
    result.push_back({first, std::min(first + 1, static_cast<std::size_t>(cells) - 1),
                      static_cast<float>(at - static_cast<double>(first))});
  }
  return result;
}

void raise_to(HeatMap& merged, const ScaleMap& scale, double cell) {
  const std::vector<Between> columns = places(merged.width, scale.width, cell);
  const std::vector<Between> rows = places(merged.height, scale.height, cell);
  const auto scale_width = static_cast<std::size_t>(scale.width);
  float* value = merged.values.data();
  for (const Between& y : rows) {
    const float* above = scale.values.data() + y.first * scale_width;
    const float* below = scale.values.data() + y.second * scale_width;
    for (const Between& x : columns) {
      const float upper = blend(above[x.first], above[x.second], x.towards_second);
      const float lower = blend(below[x.first], below[x.second], x.towards_second);
      *value = std::max(*value, blend(upper, lower, y.towards_second));
      ++value;
    }
  }
}

}  // namespace

HeatMap merge_scales(std::span<const ScaleMap> scales, int stride, int photo_width,
                     int photo_height, int longest_side) {
  const double zoom =
      std::min(1.0, static_cast<double>(longest_side) / std::max({1, photo_width, photo_height}));
  HeatMap merged{std::max(1, static_cast<int>(std::lround(photo_height * zoom))),
                 std::max(1, static_cast<int>(std::lround(photo_width * zoom))),
                 {}};
  merged.values.assign(
      static_cast<std::size_t>(merged.height) * static_cast<std::size_t>(merged.width), 0.0F);
  for (const ScaleMap& scale : scales) {
    if (scale.values.empty()) continue;
    raise_to(merged, scale, stride / static_cast<double>(scale.scale) * zoom);
  }
  return merged;
}

}  // namespace facet::detail
