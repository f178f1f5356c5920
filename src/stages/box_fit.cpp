// SPDX-License-Identifier: Apache-2.0
#include "stages/box_fit.hpp"

#include <algorithm>
#include <vector>

#include "facet/error.hpp"

namespace facet::detail {

std::array<float, 4> fit_box(std::span<const Window> windows, std::span<const Box> boxes) {
  std::array<std::vector<float>, 4> samples;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const Window& window = windows[i];
    const Box& box = boxes[i];
    const bool inside = window.centre_x > box.x && window.centre_x < box.x + box.width &&
                        window.centre_y > box.y && window.centre_y < box.y + box.height;
    if (!inside || !(window.side > 0)) continue;
    samples[0].push_back((box.centre_x() - window.centre_x) / window.side);
    samples[1].push_back((box.centre_y() - window.centre_y) / window.side);
    samples[2].push_back(box.width / window.side);
    samples[3].push_back(box.height / window.side);
  }
  if (samples[0].empty()) {
    throw Error(ErrorCode::invalid_argument, "no window lies on a listed box: nothing to fit");
  }
  std::array<float, 4> medians{};
  for (std::size_t k = 0; k < 4; ++k) {
    auto middle = samples[k].begin() + static_cast<std::ptrdiff_t>(samples[k].size() / 2);
    std::nth_element(samples[k].begin(), middle, samples[k].end());
    medians[k] = *middle;
  }
  return medians;
}

}  // namespace facet::detail
