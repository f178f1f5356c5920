// SPDX-License-Identifier: Apache-2.0
// What the paper reports.
#pragma once

#include <optional>
#include <string_view>

namespace facet::detail {

// Accuracy in percent of LNets+ANet (table 1) on "CelebA" or "LFWA"; nothing for other names.
std::optional<int> paper_accuracy(std::string_view labels, std::string_view attribute);
// The average the paper prints: 87 and 84.
std::optional<int> paper_average(std::string_view labels);

}  // namespace facet::detail
