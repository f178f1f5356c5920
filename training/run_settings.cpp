// SPDX-License-Identifier: Apache-2.0
#include "run_settings.hpp"

#include "facet/error.hpp"
#include "recipe/settings_record.hpp"

namespace facet::training {
namespace {

nlohmann::json compared(const nlohmann::json& settings) {
  auto part = nlohmann::json::object();
  for (const char* key : {"recipe_seed", "stage", "network", "steps", "inputs"}) {
    if (settings.contains(key)) part[key] = settings[key];
  }
  if (part.contains("stage")) part["stage"].erase("checkpoint_minutes");
  return part;
}

}  // namespace

void check_same_settings(const nlohmann::json& before, const nlohmann::json& now,
                         const std::string& where) {
  const std::string difference = detail::first_difference(compared(before), compared(now));
  if (difference.empty()) return;
  throw Error(ErrorCode::invalid_argument,
              where + ": was made with another " + difference +
                  "; --resume goes on with the same settings and files only");
}

}  // namespace facet::training
