// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/csv_file.hpp"

#include <fstream>

#include "base/csv.hpp"
#include "facet/error.hpp"

namespace facet::detail {

CsvFile::CsvFile(const std::filesystem::path& file) : name_(file.string()) {
  std::ifstream stream(file);
  if (!stream) throw Error(ErrorCode::io, name_ + ": cannot read");
  std::string line;
  if (std::getline(stream, line)) {
    for (const std::string& column : csv_cells(line)) columns_.emplace(column, columns_.size());
  }
  while (std::getline(stream, line)) {
    if (!line.empty()) rows_.push_back(csv_cells(line));
  }
}

const std::string& CsvFile::cell(std::size_t row, const std::string& column) const {
  const auto place = columns_.find(column);
  if (place == columns_.end() || row >= rows_.size() || place->second >= rows_[row].size()) {
    throw Error(ErrorCode::io,
                name_ + ": no cell " + column + " in line " + std::to_string(row + 2));
  }
  return rows_[row][place->second];
}

double CsvFile::number(std::size_t row, const std::string& column) const {
  const std::string& text = cell(row, column);
  if (text.empty()) return 0;
  try {
    return std::stod(text);
  } catch (const std::exception&) {
    throw Error(ErrorCode::io, name_ + ": line " + std::to_string(row + 2) + ": " + column +
                                   " is no number but " + text);
  }
}

}  // namespace facet::detail
