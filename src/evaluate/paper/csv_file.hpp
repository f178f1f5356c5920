// SPDX-License-Identifier: Apache-2.0
// A table that an earlier run wrote.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace facet::detail {

class CsvFile {
 public:
  // Throws Error(io) where the file cannot be read.
  explicit CsvFile(const std::filesystem::path& file);

  [[nodiscard]] std::size_t rows() const { return rows_.size(); }
  // Throws Error(io), which names file and column, where there is no such column or cell.
  [[nodiscard]] const std::string& cell(std::size_t row, const std::string& column) const;
  // Also where the cell holds no number; an empty cell is 0.
  [[nodiscard]] double number(std::size_t row, const std::string& column) const;

 private:
  std::string name_;
  std::map<std::string, std::size_t> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace facet::detail
