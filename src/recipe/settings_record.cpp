// SPDX-License-Identifier: Apache-2.0
#include "recipe/settings_record.hpp"

#include <algorithm>
#include <sstream>

namespace facet::detail {
namespace {

using nlohmann::json;

std::string value_at(const json& settings, const json::json_pointer& place) {
  return settings.contains(place) ? settings.at(place).dump() : "nothing";
}

}  // namespace

json to_json(const toml::table& table) {
  std::ostringstream text;
  text << toml::json_formatter{table};
  return json::parse(text.str());
}

std::string first_difference(const json& recorded, const json& now) {
  const json differences = json::diff(recorded, now);
  if (differences.empty()) return "";
  std::string place = differences.front().at("path").get<std::string>();
  const json::json_pointer pointer(place);
  if (!place.empty()) place.erase(0, 1);
  std::replace(place.begin(), place.end(), '/', '.');
  return "'" + place + "': " + value_at(recorded, pointer) + ", now " + value_at(now, pointer);
}

}  // namespace facet::detail
