// SPDX-License-Identifier: Apache-2.0
#include "dataset/label_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\v\f";

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kWhiteSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
}

template <typename Number>
std::optional<Number> parse(std::string_view cell) {
  if (cell.size() > 1 && cell[0] == '+' && cell[1] != '-') cell.remove_prefix(1);
  Number value{};
  const char* end = cell.data() + cell.size();
  const auto [stop, error] = std::from_chars(cell.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace

LabelFile::LabelFile(std::filesystem::path path)
    : path_(std::move(path)), csv_(path_.extension() == ".csv") {
  std::ifstream stream(path_, std::ios::binary);
  if (!stream) throw Error(ErrorCode::not_found, "cannot open " + file());
  text_.assign(std::istreambuf_iterator<char>(stream), {});
  if (stream.bad()) throw Error(ErrorCode::io, "cannot read " + file());
  if (text_.starts_with("\xEF\xBB\xBF")) position_ = 3;  // Excel's byte order mark
}

bool LabelFile::next() {
  while (position_ < text_.size()) {
    const std::size_t end = std::min(text_.find('\n', position_), text_.size());
    const std::string_view row = trim(std::string_view(text_).substr(position_, end - position_));
    position_ = end + 1;
    ++line_;
    if (row.empty()) continue;
    cells_.clear();
    if (csv_) {
      split_at_commas(row);
    } else {
      split_at_white_space(row);
    }
    return true;
  }
  cells_.clear();
  return false;
}

void LabelFile::split_at_white_space(std::string_view row) {
  for (std::size_t start = 0; start < row.size();) {
    const std::size_t end = std::min(row.find_first_of(kWhiteSpace, start), row.size());
    cells_.push_back(row.substr(start, end - start));
    start = std::min(row.find_first_not_of(kWhiteSpace, end), row.size());
  }
}

void LabelFile::split_at_commas(std::string_view row) {
  for (std::size_t start = 0; start <= row.size();) {
    const std::size_t end = std::min(row.find(',', start), row.size());
    std::string_view cell = trim(row.substr(start, end - start));
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') {
      cell = cell.substr(1, cell.size() - 2);
    }
    cells_.push_back(cell);
    start = end + 1;
  }
}

std::optional<int> parse_int(std::string_view cell) {
  return parse<int>(cell);
}

std::optional<float> parse_float(std::string_view cell) {
  const auto value = parse<float>(cell);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

}  // namespace facet::detail
