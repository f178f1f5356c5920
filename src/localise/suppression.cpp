// SPDX-License-Identifier: Apache-2.0
#include "localise/suppression.hpp"

#include <algorithm>
#include <tuple>

namespace facet::detail {
namespace {

Box square(const Window& window) {
  return {window.centre_x - window.side / 2, window.centre_y - window.side / 2, window.side,
          window.side};
}

bool same_face(const Window& a, const Window& b) {
  const Box first = square(a);
  const Box second = square(b);
  if (overlap(first, second) > kSameFaceOverlap) return true;
  const float smaller = std::min(first.area(), second.area());
  return intersection(first, second).area() > kNestedShare * smaller;
}

bool stronger(const Window& a, const Window& b) {
  return std::tuple(-a.score, -a.side, a.centre_y, a.centre_x) <
         std::tuple(-b.score, -b.side, b.centre_y, b.centre_x);
}

}  // namespace

void suppress_duplicates(std::vector<Window>& windows, int max_windows) {
  std::sort(windows.begin(), windows.end(), stronger);
  std::vector<Window> kept;
  for (const Window& window : windows) {
    if (static_cast<int>(kept.size()) >= max_windows) break;
    const bool duplicate = std::any_of(kept.begin(), kept.end(), [&window](const Window& other) {
      return same_face(other, window);
    });
    if (!duplicate) kept.push_back(window);
  }
  windows = std::move(kept);
}

}  // namespace facet::detail
