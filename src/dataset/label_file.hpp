// SPDX-License-Identifier: Apache-2.0
// A label file read row by row: columns parted by runs of white space, or by commas in a .csv.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace facet::detail {

class LabelFile {
 public:
  // Throws Error(not_found, io).
  explicit LabelFile(std::filesystem::path path);

  // Moves to the next row that is not blank; false at the end.
  bool next();
  [[nodiscard]] std::span<const std::string_view> cells() const { return cells_; }
  [[nodiscard]] bool is_csv() const { return csv_; }

  [[nodiscard]] std::string file() const { return path_.string(); }
  // "file:line" of the current row, and of the first line.
  [[nodiscard]] std::string here() const { return at(line_); }
  [[nodiscard]] std::string at(int line) const { return file() + ":" + std::to_string(line); }

 private:
  void split_at_white_space(std::string_view row);
  void split_at_commas(std::string_view row);

  std::filesystem::path path_;
  bool csv_;
  std::string text_;
  std::size_t position_ = 0;
  int line_ = 0;
  std::vector<std::string_view> cells_;
};

std::optional<int> parse_int(std::string_view cell);
std::optional<float> parse_float(std::string_view cell);

}  // namespace facet::detail
