// SPDX-License-Identifier: Apache-2.0
// Results as rows and columns: for people, and as CSV files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace facet::detail {

struct ResultTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

// Columns lined up, the first to the left and the others to the right; lines end with '\n'.
std::string table_text(const ResultTable& table);

// RFC 4180 quoting where needed.
std::string table_csv(const ResultTable& table);
void write_csv(const std::filesystem::path& file, const ResultTable& table);

// Puts the rows into a CSV file: a row whose first cell is there already takes its place. Throws
// Error(io) where the file has other columns: another version's figures are not to be lost.
void update_csv(const std::filesystem::path& file, const ResultTable& table);

// A share as percent with one decimal.
std::string percent(double share);
// A number with so many decimals.
std::string fixed(double value, int decimals);

}  // namespace facet::detail
