// SPDX-License-Identifier: Apache-2.0
// Recipes: how the networks of a model look and in which stages they are trained (TOML).
//
//   name = "paper"
//   seed = 1
//   [networks.lnet]
//   layers = [{ name = "C1", kind = "convolution", … }, …]
//   [[stages]]
//   name = "objects"          # its folder below --out
//   kind = "objects"          # trained: objects | lnet | identities | alignment | anet
//                             # on the inference library: packs | localiser | windows | answers |
//                             # heads
//   network = "lnet"
//   …
//   [[stages]]
//   name = "objects_2"
//   like = "objects"          # settings that this stage leaves out are those of an earlier one
//   epochs = 3
//
// A recipe with base = "other.toml", beside it, goes on where that one ends: it has its networks
// and its stages too, before its own.
#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "format/network_spec.hpp"

namespace facet::detail {

// Reads a table's keys and remembers which were read: a key that nobody reads is a mistake.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string where)
      : table_(&table), where_(std::move(where)) {}

  template <typename T>
  T get(const std::string& key, T fallback) {
    read_.insert(key);
    const auto* node = table_->get(key);
    if (node == nullptr) return fallback;
    return convert<T>(*node, key);
  }
  template <typename T>
  T require(const std::string& key) {
    if (table_->get(key) == nullptr)
      throw std::runtime_error(where_ + ": '" + key + "' is missing");
    return get<T>(key, T{});
  }
  [[nodiscard]] const toml::table* table(const std::string& key);
  [[nodiscard]] std::vector<const toml::table*> tables(const std::string& key);
  [[nodiscard]] const std::string& where() const { return where_; }
  // Throws std::runtime_error naming the first key that nobody read.
  void finish() const;

 private:
  template <typename T>
  T convert(const toml::node& node, const std::string& key) const;
  // "line 7", with the file where that is not the one of `where`.
  [[nodiscard]] std::string line_of(const toml::node& node) const;
  [[noreturn]] void wrong(const toml::node& node, const std::string& key,
                          const std::string& expected) const;
  const toml::table* table_;
  std::string where_;
  std::set<std::string> read_;
};

struct Stage {
  std::string name;
  std::string kind;
  std::string recipe;                  // the name of the one that it stands in: this or a base
  const toml::table* table = nullptr;  // owned by the recipe
};

class Recipe {
 public:
  // `rehearse`: cut down to minutes (rehearsal.hpp). Throws std::runtime_error naming file, line
  // and value.
  static Recipe read(const std::filesystem::path& path, bool rehearse = false);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  [[nodiscard]] const std::vector<Stage>& stages() const { return stages_; }
  [[nodiscard]] NetworkSpec network(const std::string& name) const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  toml::table root_;
  std::filesystem::path path_;
  std::string name_;
  std::uint64_t seed_ = 1;
  std::vector<Stage> stages_;
};

}  // namespace facet::detail
