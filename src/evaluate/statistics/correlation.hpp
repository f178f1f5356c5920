// SPDX-License-Identifier: Apache-2.0
// How strongly neurons go with attributes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace facet::detail {

// Pearson's correlation; 0 where one side never changes. Throws Error(invalid_argument) where the
// two are not equally long.
double correlation(std::span<const float> a, std::span<const float> b);

// Of every column of `values` (rows × columns, row-major) with every attribute: columns ×
// attributes, row-major. `labels` is rows × attributes, above 0 for present. Throws as above.
std::vector<float> correlations(std::span<const float> values, std::size_t columns,
                                std::span<const std::int8_t> labels, std::size_t attributes);

}  // namespace facet::detail
