// SPDX-License-Identifier: Apache-2.0
#include "recipe/table_reader.hpp"

#include <cmath>
#include <limits>

#include "base/printable_text.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::invalid_argument, printable_text(message));
}

}  // namespace

std::string place_of(const toml::node& node, const std::string& where) {
  const auto& source = node.source();
  if (source.begin.line == 0) return where;
  const std::string line = where + ": line " + std::to_string(source.begin.line);
  if (!source.path || where.find(*source.path) != std::string::npos) return line;
  return line + " of " + *source.path;
}

void TableReader::missing(const std::string& key) const {
  refuse(place_of(*table_, where_) + ": '" + key + "' is missing");
}

void TableReader::wrong(const toml::node& node, const std::string& key,
                        const std::string& expected) const {
  refuse(place_of(node, where_) + ": '" + key + "' is not " + expected);
}

template <>
float TableReader::convert(const toml::node& node, const std::string& key) const {
  const auto value = node.value<double>();
  if (!value) wrong(node, key, "a number");
  if (!(std::abs(*value) <= static_cast<double>(std::numeric_limits<float>::max()))) {
    wrong(node, key, "a number that can be computed with");
  }
  return static_cast<float>(*value);
}
template <>
std::int64_t TableReader::convert(const toml::node& node, const std::string& key) const {
  if (!node.is_integer()) wrong(node, key, "a whole number");
  return *node.value<std::int64_t>();
}
template <>
int TableReader::convert(const toml::node& node, const std::string& key) const {
  const auto value = convert<std::int64_t>(node, key);
  constexpr std::int64_t kMost = std::numeric_limits<int>::max();
  if (value < -kMost || value > kMost) {
    wrong(node, key, "between -" + std::to_string(kMost) + " and " + std::to_string(kMost));
  }
  return static_cast<int>(value);
}
template <>
bool TableReader::convert(const toml::node& node, const std::string& key) const {
  if (!node.is_boolean()) wrong(node, key, "true or false");
  return *node.value<bool>();
}
template <>
std::string TableReader::convert(const toml::node& node, const std::string& key) const {
  if (!node.is_string()) wrong(node, key, "a text");
  return *node.value<std::string>();
}
template <>
std::vector<float> TableReader::convert(const toml::node& node, const std::string& key) const {
  const auto* array = node.as_array();
  if (array == nullptr) wrong(node, key, "a list of numbers");
  std::vector<float> values;
  for (const auto& element : *array) values.push_back(convert<float>(element, key));
  return values;
}
template <>
std::vector<int> TableReader::convert(const toml::node& node, const std::string& key) const {
  const auto* array = node.as_array();
  if (array == nullptr) wrong(node, key, "a list of whole numbers");
  std::vector<int> values;
  for (const auto& element : *array) values.push_back(convert<int>(element, key));
  return values;
}
template <>
std::vector<std::string> TableReader::convert(const toml::node& node,
                                              const std::string& key) const {
  const auto* array = node.as_array();
  if (array == nullptr) wrong(node, key, "a list of texts");
  std::vector<std::string> values;
  for (const auto& element : *array) values.push_back(convert<std::string>(element, key));
  return values;
}

const toml::table* TableReader::table(const std::string& key) {
  read_.insert(key);
  const auto* node = table_->get(key);
  if (node == nullptr) return nullptr;
  if (!node->is_table()) wrong(*node, key, "a table");
  return node->as_table();
}

std::vector<const toml::table*> TableReader::tables(const std::string& key) {
  read_.insert(key);
  std::vector<const toml::table*> found;
  const auto* node = table_->get(key);
  if (node == nullptr) return found;
  if (!node->is_array()) wrong(*node, key, "a list of tables");
  for (const auto& element : *node->as_array()) {
    if (!element.is_table()) wrong(element, key, "a list of tables");
    found.push_back(element.as_table());
  }
  return found;
}

void TableReader::finish() const {
  for (const auto& [key, node] : *table_) {
    if (read_.count(std::string(key.str())) == 0) {
      refuse(place_of(node, where_) + ": unknown setting '" + std::string(key.str()) + "'");
    }
  }
}

}  // namespace facet::detail
