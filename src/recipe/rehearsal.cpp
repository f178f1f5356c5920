// SPDX-License-Identifier: Apache-2.0
#include "recipe/rehearsal.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "recipe/stage_kind.hpp"

namespace facet::detail {
namespace {

constexpr std::int64_t kLnetSamples = 640;   // an epoch
constexpr std::int64_t kFittingPhotos = 60;  // box numbers, threshold
constexpr std::int64_t kPhotosAPerson = 2;   // few photos hold few of one person

void at_most(toml::table& table, std::string_view key, std::int64_t most) {
  const auto given = table[key].value<std::int64_t>();
  if (!given || *given <= 0 || *given > most) table.insert_or_assign(key, most);
}

// Lowers a setting only where the recipe has it.
void at_most_if_set(toml::table& table, std::string_view key, std::int64_t most) {
  if (table.contains(key)) at_most(table, key, most);
}

void limit_each(toml::table& stage, std::string_view list, std::int64_t most) {
  auto* tables = stage[list].as_array();
  if (tables == nullptr) return;
  for (auto& entry : *tables) {
    if (entry.is_table()) at_most(*entry.as_table(), "limit", most);
  }
}

void shrink_stage(toml::table& stage) {
  if (const auto epochs = stage["epochs"].value<double>()) {
    stage.insert_or_assign("epochs", std::min(*epochs, 1.0));
  }
  at_most_if_set(stage, "epoch", kLnetSamples);
  at_most_if_set(stage, "box_photos", kFittingPhotos);
  at_most_if_set(stage, "face_photos", kFittingPhotos);
  at_most_if_set(stage, "min_photos", kPhotosAPerson);
  // An unknown kind is reported where stages are read.
  const auto kind = stage_kind_named(stage["kind"].value_or<std::string>(""));
  if (!kind) return;
  // Networks that learnt for seconds are sure of hardly any face.
  if (*kind == StageKind::face_check) stage.insert_or_assign("at_least_one", true);
  if (const auto& list = traits(*kind).rehearsed_list; !list.empty()) {
    limit_each(stage, list, traits(*kind).rehearsed_photos);
  }
}

}  // namespace

std::string rehearsal_name(const std::string& recipe) {
  return recipe + "-rehearsal";
}

void shrink_to_rehearsal(toml::table& recipe) {
  recipe.insert_or_assign("name", rehearsal_name(recipe["name"].value_or<std::string>("")));
  auto* stages = recipe["stages"].as_array();
  if (stages == nullptr) return;
  for (auto& stage : *stages) {
    if (stage.is_table()) shrink_stage(*stage.as_table());
  }
}

}  // namespace facet::detail
