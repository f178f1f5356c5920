// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/balanced_cut.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "facet/error.hpp"

namespace facet::detail {

BalancedCut best_cut(std::span<const float> values, std::span<const std::int8_t> has) {
  if (values.size() != has.size()) {
    throw Error(ErrorCode::invalid_argument, std::to_string(values.size()) + " values and " +
                                                 std::to_string(has.size()) + " labels");
  }
  const auto positives =
      static_cast<double>(std::count_if(has.begin(), has.end(), [](auto one) { return one > 0; }));
  const double negatives = static_cast<double>(has.size()) - positives;
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  if (positives == 0) return {1, kInfinity, true};
  if (negatives == 0) return {1, -kInfinity, true};
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  BalancedCut best{0.5, -kInfinity, true};  // where all values are alike
  double low_positives = 0;
  double low_negatives = 0;
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    ++(has[order[i]] > 0 ? low_positives : low_negatives);
    const float value = values[order[i]];
    const float next = values[order[i + 1]];
    if (value == next) continue;
    const double above = (1 - low_positives / positives + low_negatives / negatives) / 2;
    const double right = std::max(above, 1 - above);
    if (right <= best.balanced) continue;
    const float middle = std::midpoint(value, next);
    best = {right, middle > value ? middle : next, above >= 0.5};
  }
  return best;
}

}  // namespace facet::detail
