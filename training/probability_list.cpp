// SPDX-License-Identifier: Apache-2.0
#include "probability_list.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include "facet/error.hpp"

namespace facet::training {
namespace {

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
  if (!fields.empty() && !fields.back().empty() && fields.back().back() == '\r') {
    fields.back().pop_back();
  }
  return fields;
}

float probability(const std::string& text, const std::string& where) {
  float value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0 && value <= 1)) {
    throw Error(ErrorCode::invalid_argument, where + ": '" + text + "' is not a probability");
  }
  return value;
}

}  // namespace

ProbabilityList read_probabilities(const std::filesystem::path& path,
                                   const std::vector<std::string>& attributes) {
  std::ifstream in(path);
  if (!in) throw Error(ErrorCode::invalid_argument, path.string() + ": cannot be opened");
  std::string line;
  std::getline(in, line);
  const auto header = split(line);
  std::vector<std::size_t> columns;
  for (const auto& attribute : attributes) {
    const auto column = std::find(header.begin(), header.end(), attribute);
    if (column == header.end()) {
      throw Error(ErrorCode::invalid_argument, path.string() + ":1: no column '" + attribute + "'");
    }
    columns.push_back(static_cast<std::size_t>(column - header.begin()));
  }
  ProbabilityList list;
  for (int number = 2; std::getline(in, line); ++number) {
    const std::string where = path.string() + ":" + std::to_string(number);
    const auto fields = split(line);
    if (fields.size() != header.size()) {
      throw Error(ErrorCode::invalid_argument, where + ": " + std::to_string(fields.size()) +
                                                   " fields, not " + std::to_string(header.size()));
    }
    auto& values = list[fields[0]];
    values.clear();
    for (const std::size_t column : columns) values.push_back(probability(fields[column], where));
  }
  return list;
}

}  // namespace facet::training
