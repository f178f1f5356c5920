// SPDX-License-Identifier: Apache-2.0
// Peaks between samples.
#pragma once

#include <algorithm>

namespace facet::detail {

// Where the parabola through three points, left.x < middle.x < right.x, has its top; kept within
// half way to the neighbours. middle.x where it has no top (flat or hollow).
struct Sample {
  float x = 0;
  float y = 0;
};

inline float parabola_top(const Sample& left, const Sample& middle, const Sample& right) {
  const float rise = (middle.y - left.y) / (middle.x - left.x);
  const float fall = (right.y - middle.y) / (right.x - middle.x);
  const float curvature = fall - rise;
  if (!(curvature < 0)) return middle.x;
  // The slope is `rise` half way to the left and `fall` half way to the right.
  const float left_half = (left.x + middle.x) / 2;
  const float right_half = (middle.x + right.x) / 2;
  const float top = left_half + (right_half - left_half) * rise / -curvature;
  return std::clamp(top, left_half, right_half);
}

}  // namespace facet::detail
