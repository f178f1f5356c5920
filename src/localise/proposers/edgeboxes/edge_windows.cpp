// SPDX-License-Identifier: Apache-2.0
#include "localise/proposers/edgeboxes/edge_windows.hpp"

#include <algorithm>
#include <cmath>

namespace facet::detail {
namespace {

constexpr float kSmallestFace = 24;     // pixels high where edges are looked for
constexpr float kMostPixels = 160'000;  // there: bounds the time
constexpr float kSlenderness = 0.7F;    // width of a face over its height
constexpr int kLeastSide = 16;          // EdgeBoxes has nothing to say about less

}  // namespace

std::vector<Box> edge_windows(const EdgeBoxesPlugin& plugin, ImageHalvings& photo, float min_face) {
  const auto width = static_cast<float>(photo.width());
  const auto height = static_cast<float>(photo.height());
  const float scale =
      std::min({1.0F, kSmallestFace / min_face, std::sqrt(kMostPixels / (width * height))});
  const int columns = static_cast<int>(std::lround(width * scale));
  const int rows = static_cast<int>(std::lround(height * scale));
  if (std::min(columns, rows) < kLeastSide) return {};
  const float smallest = std::max(kSmallestFace / 2, min_face * scale);
  const EdgeMap edges = find_edges(photo.cut({0, 0, width, height}, columns, rows));
  std::vector<Box> windows;
  const float across = width / static_cast<float>(columns);
  const float down = height / static_cast<float>(rows);
  for (const FacetEdgeWindow& window :
       plugin.windows(edges, kSlenderness * smallest * smallest, kEdgeWindows)) {
    const Box box{static_cast<float>(window.x) * across, static_cast<float>(window.y) * down,
                  static_cast<float>(window.width) * across,
                  static_cast<float>(window.height) * down};
    const Box inside = clip(box, width, height);
    if (inside.area() > 0) windows.push_back(inside);
  }
  return windows;
}

}  // namespace facet::detail
