// SPDX-License-Identifier: Apache-2.0
// The paper's tables, to stand beside ours.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace facet::detail {

// Columns of table 1, in its order; the last is the paper's own method.
const std::vector<std::string>& table1_methods();
// Accuracy in whole percent; `labels` "CelebA" or "LFWA", `attribute` one of the forty or
// "Average". Throws Error(invalid_argument) for any other.
int table1_percent(const std::string& labels, const std::string& attribute, std::size_t method);

// Balanced accuracy in whole percent: FaceTracer, POOF, the paper's.
struct Table2Row {
  const char* attribute;
  std::array<int, 3> percent;
};
std::span<const Table2Row> table2_rows();  // the last is the average

}  // namespace facet::detail
