// SPDX-License-Identifier: Apache-2.0
#include "localise/pyramid.hpp"

#include <algorithm>
#include <cmath>

namespace facet::detail {
namespace {

// A thousandth of a pixel more is rounding of the scale, not a pixel more of photo.
constexpr float kRounding = 1e-3F;

int canvas_side(float scaled_side, int stride) {
  const int side = std::max(kMinCanvas, static_cast<int>(std::ceil(scaled_side - kRounding)));
  return (side + stride - 1) / stride * stride;
}

Level level_for(int photo_width, int photo_height, float scale, int stride) {
  const float width = scale * static_cast<float>(photo_width);
  const float height = scale * static_cast<float>(photo_height);
  Level level;
  level.scale = scale;
  level.width = canvas_side(width, stride);
  level.height = canvas_side(height, stride);
  // Whole pixels, so that at scale 1 the photo is copied, not interpolated.
  level.left = static_cast<int>((static_cast<float>(level.width) - width) / 2);
  level.top = static_cast<int>((static_cast<float>(level.height) - height) / 2);
  return level;
}

}  // namespace

std::vector<Level> pyramid_levels(int photo_width, int photo_height, float min_face,
                                  const LocaliserSettings& settings, int stride,
                                  bool at_least_one) {
  const float long_side = static_cast<float>(std::max(photo_width, photo_height));
  const float largest = kMaxFaceShare * long_side;
  std::vector<Level> levels;
  for (float size = min_face; size <= largest; size *= settings.pyramid_factor) {
    levels.push_back(level_for(photo_width, photo_height, settings.face_height / size, stride));
  }
  if (levels.empty() && at_least_one) {
    levels.push_back(
        level_for(photo_width, photo_height, settings.face_height / long_side, stride));
  }
  return levels;
}

}  // namespace facet::detail
