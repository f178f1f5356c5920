// SPDX-License-Identifier: Apache-2.0
// Comma-separated values (RFC 4180), as every table of facet has them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace facet::detail {

// A cell as it stands in a line: in quotes where it holds a comma, a quote or a line end, or begins
// or ends with a space, which some readers take off.
std::string csv_cell(std::string_view text);

// The cells of a line, without their quotes. Line ends within quotes are for the caller to join.
std::vector<std::string> csv_cells(std::string_view line);

}  // namespace facet::detail
