// SPDX-License-Identifier: Apache-2.0
// A table of a recipe, read strictly: every key is asked for by name and type, and a key that
// nobody asked for is a mistake.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace facet::detail {

// Every error is an Error(invalid_argument) of one line: `where`, the line of the file, the key.
class TableReader {
 public:
  // `where`: how messages begin, e.g. "recipes/best.toml stage 'anet'".
  TableReader(const toml::table& table, std::string where)
      : table_(&table), where_(std::move(where)) {}

  // T: bool, int, std::int64_t, float, std::string, or a vector of int, float or std::string.
  // Throws where the value is of another type or does not fit into T.
  template <typename T>
  T get(const std::string& key, T fallback) {
    read_.insert(key);
    const auto* node = table_->get(key);
    if (node == nullptr) return fallback;
    return convert<T>(*node, key);
  }
  template <typename T>
  T require(const std::string& key) {
    if (table_->get(key) == nullptr) missing(key);
    return get<T>(key, T{});
  }
  // Null where it is left out.
  [[nodiscard]] const toml::table* table(const std::string& key);
  [[nodiscard]] std::vector<const toml::table*> tables(const std::string& key);
  // Somebody else has read it.
  void skip(const std::string& key) { read_.insert(key); }
  [[nodiscard]] const std::string& where() const { return where_; }
  // Throws, naming the first key that nobody read.
  void finish() const;

 private:
  template <typename T>
  T convert(const toml::node& node, const std::string& key) const;
  [[noreturn]] void missing(const std::string& key) const;
  [[noreturn]] void wrong(const toml::node& node, const std::string& key,
                          const std::string& expected) const;
  const toml::table* table_;
  std::string where_;
  std::set<std::string> read_;
};

// "where: line 7", with the file where `where` does not name it; "where" alone for a node that was
// copied from another stage, which has no place of its own.
std::string place_of(const toml::node& node, const std::string& where);

}  // namespace facet::detail
