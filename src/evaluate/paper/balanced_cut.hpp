// SPDX-License-Identifier: Apache-2.0
// A number against a threshold: the one rule by which scores and single neurons are compared.
#pragma once

#include <cstdint>
#include <span>

namespace facet::detail {

struct BalancedCut {
  double balanced = 0;  // on the numbers that it was found on, 0…1
  float at = 0;
  bool above = true;  // yes from the threshold on; else below it

  [[nodiscard]] bool says(float value) const { return (value >= at) == above; }
};

// The threshold, and the side of it, of the best balanced accuracy: the mean of the shares of right
// answers among those that have the attribute (`has` above 0) and among the others. The lowest of
// equals. Where all have it, or none, it always says so. Throws Error(invalid_argument) where the
// two are not equally long.
BalancedCut best_cut(std::span<const float> values, std::span<const std::int8_t> has);

}  // namespace facet::detail
