// SPDX-License-Identifier: Apache-2.0
// Settings as they are recorded beside what was made with them, so that a result that was made with
// other ones is not taken for what the recipe asks for.
#pragma once

#include <toml++/toml.h>

#include <nlohmann/json.hpp>
#include <string>

namespace facet::detail {

nlohmann::json to_json(const toml::table& table);

// The first setting that differs and both its values: "'stage.jitter': 0.1, now 0.2"; empty where
// both are the same.
std::string first_difference(const nlohmann::json& recorded, const nlohmann::json& now);

}  // namespace facet::detail
