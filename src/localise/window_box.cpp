// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "localise/window.hpp"

namespace facet::detail {
namespace {

constexpr float kMinSide = 1;  // of a box: one that would leave the photo stays at its edge

struct Extent {
  float start = 0;
  float size = 0;
};

Extent clip_axis(float centre, float size, float limit) {
  const float least = std::min(kMinSide, limit);
  float start = std::clamp(centre - size / 2, 0.0F, limit);
  const float end = std::clamp(centre + size / 2, 0.0F, limit);
  Extent extent{start, end - start};
  if (!(extent.size >= least)) {
    start = std::clamp(centre - least / 2, 0.0F, limit - least);
    extent = {start, least};
  }
  // start + size never rounds to beyond the photo.
  while (extent.start + extent.size > limit) extent.size = std::nextafter(extent.size, 0.0F);
  return extent;
}

}  // namespace

Box window_to_box(const Window& window, const LocaliserSettings& settings, int photo_width,
                  int photo_height) {
  const auto [dx, dy, sx, sy] = settings.box;
  const Extent across = clip_axis(window.centre_x + dx * window.side, sx * window.side,
                                  static_cast<float>(photo_width));
  const Extent down = clip_axis(window.centre_y + dy * window.side, sy * window.side,
                                static_cast<float>(photo_height));
  return {across.start, down.start, across.size, down.size};
}

}  // namespace facet::detail
