// SPDX-License-Identifier: Apache-2.0
// Groups of vectors that lie together (paper, figure 11).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace facet::detail {

struct Clusters {
  std::vector<int> of;  // the cluster of each row; numbered by their first rows
  double inertia = 0;   // sum of squared distances from the rows to their clusters' centres
};

// Lloyd's algorithm from k-means++ starts, the best of `starts`. Deterministic. Throws
// Error(invalid_argument) where k is below 1 or above the number of rows.
Clusters k_means(std::span<const float> values, std::size_t width, int k, int starts = 50);

}  // namespace facet::detail
