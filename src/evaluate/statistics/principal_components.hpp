// SPDX-License-Identifier: Apache-2.0
// The directions in which features vary most: what the paper compares neurons with (HOG and PCA).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace facet::detail {

struct PrincipalComponents {
  std::size_t width = 0;          // of what goes in
  std::vector<float> mean;        // width
  std::vector<float> directions;  // components × width, row-major, of length 1, strongest first
  std::vector<double> variances;  // components

  // rows × width to rows × components.
  [[nodiscard]] std::vector<float> project(std::span<const float> values) const;
};

// At most `components` of rows × width values. Throws Error(invalid_argument) for fewer than two
// rows.
PrincipalComponents principal_components(std::span<const float> values, std::size_t width,
                                         std::size_t components);

}  // namespace facet::detail
