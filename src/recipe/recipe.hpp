// SPDX-License-Identifier: Apache-2.0
// Recipes: how the networks of a model look and in which stages they are trained (TOML).
//
//   name = "paper"
//   seed = 1
//   [networks.lnet]
//   layers = [{ name = "C1", kind = "convolution", … }, …]
//   [[stages]]
//   name = "objects"          # its folder below --out
//   kind = "objects"          # stage_kind.hpp has them all
//   network = "lnet"
//   …
//   [[stages]]
//   name = "objects_2"
//   like = "objects"          # settings that this stage leaves out are those of an earlier one
//   epochs = 3
//
// Lists that stages share: named_lists.hpp. A recipe with base = "other.toml", beside it, goes on
// where that one ends: it has its networks, lists and stages too, before its own.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "format/network_spec.hpp"
#include "recipe/stage_kind.hpp"
#include "recipe/table_reader.hpp"

namespace facet::detail {

struct Stage {
  std::string name;
  StageKind kind = StageKind::packs;
  std::string recipe;                  // the name of the one that it stands in: this or a base
  std::string where;                   // how messages name it: "recipes/best.toml stage 'anet'"
  const toml::table* table = nullptr;  // owned by the recipe

  // Its settings; `name` and `kind` count as read.
  [[nodiscard]] TableReader settings() const;
};

class Recipe {
 public:
  // `rehearse`: cut down to minutes (rehearsal.hpp). Throws Error(not_found, invalid_argument)
  // naming file, line and value.
  static Recipe read(const std::filesystem::path& path, bool rehearse = false);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  [[nodiscard]] const std::vector<Stage>& stages() const { return stages_; }
  // Throws Error(invalid_argument) where the recipe has no such stage.
  [[nodiscard]] const Stage& stage(const std::string& name) const;
  // Throws Error(invalid_argument) where the recipe has no such network, or one that is none.
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
