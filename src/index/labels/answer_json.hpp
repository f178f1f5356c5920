// SPDX-License-Identifier: Apache-2.0
// JSON that strangers may have written: whatever is not as expected is an Error that names it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/printable_text.hpp"
#include "facet/error.hpp"
#include "index/labels/answers.hpp"

namespace facet::detail {

[[noreturn]] inline void bad_answer(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::bad_label, where + ": " + printable_text(what));
}

inline nlohmann::json parsed_answers(const std::string& where, std::string_view text) {
  auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (json.is_discarded()) bad_answer(where, "is no JSON, or is cut off");
  return json;
}

// A member of that type, or null.
inline const nlohmann::json* member(const nlohmann::json& json, const char* name) {
  if (!json.is_object()) return nullptr;
  const auto at = json.find(name);
  return at == json.end() ? nullptr : &*at;
}

inline const nlohmann::json& array_member(const nlohmann::json& json, const char* name,
                                          const std::string& where) {
  const nlohmann::json* found = member(json, name);
  if (found == nullptr || !found->is_array())
    bad_answer(where, std::string("has no list \"") + name + '"');
  return *found;
}

inline std::string text_member(const nlohmann::json& json, const char* name) {
  const nlohmann::json* found = member(json, name);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

inline float number_member(const nlohmann::json& json, const char* name, const std::string& where) {
  const nlohmann::json* found = member(json, name);
  if (found == nullptr || !found->is_number()) {
    bad_answer(where, std::string("has no number \"") + name + '"');
  }
  return found->get<float>();
}

inline Box box_member(const nlohmann::json& json, const std::string& where) {
  return {number_member(json, "x", where), number_member(json, "y", where),
          number_member(json, "width", where), number_member(json, "height", where)};
}

// true, false, 1, 0, -1, or a word for it; nothing for others.
inline std::optional<bool> truth(const nlohmann::json& json) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number()) {
    const auto value = json.get<double>();
    if (value == 1) return true;
    if (value == 0 || value == -1) return false;
  }
  if (json.is_string()) return read_yes_or_no(json.get<std::string>());
  return std::nullopt;
}

}  // namespace facet::detail
