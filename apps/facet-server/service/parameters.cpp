// SPDX-License-Identifier: Apache-2.0
#include "service/parameters.hpp"

#include <charconv>
#include <cmath>

namespace facet::server {
namespace {

HttpError bad(const std::string& name, const std::string& what) {
  return {400, "invalid_argument", name + ": " + what};
}

template <typename Number>
std::string shown(Number number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  return {text, end};
}

template <typename Number>
Number in_range(const std::string& name, Number value, Number least, Number most) {
  if (value < least || value > most) {
    throw bad(name, "is " + shown(value) + ", must be " + shown(least) + " to " + shown(most));
  }
  return value;
}

}  // namespace

float read_number(const std::string& name, std::string_view text) {
  float value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || !std::isfinite(value)) {
    throw bad(name, "is no number");
  }
  return value;
}

std::optional<std::string> ParameterReader::text(const std::string& name) {
  asked_.insert(name);
  const auto at = parameters_.find(name);
  if (at == parameters_.end()) return std::nullopt;
  return at->second;
}

std::optional<float> ParameterReader::number(const std::string& name, float least, float most) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  return in_range(name, read_number(name, *value), least, most);
}

std::optional<std::int64_t> ParameterReader::integer(const std::string& name, std::int64_t least,
                                                     std::int64_t most) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  std::int64_t number = 0;
  const char* end = value->data() + value->size();
  const auto read = std::from_chars(value->data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) throw bad(name, "is no whole number");
  return in_range(name, number, least, most);
}

std::optional<std::string> ParameterReader::choice(const std::string& name,
                                                   std::initializer_list<std::string_view> words) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  std::string all;
  for (const std::string_view word : words) {
    if (*value == word) return value;
    all += (all.empty() ? "" : ", ") + std::string(word);
  }
  throw bad(name, "is none of " + all);
}

std::optional<bool> ParameterReader::flag(const std::string& name) {
  const auto value = choice(name, {"true", "false", "1", "0"});
  if (!value) return std::nullopt;
  return *value == "true" || *value == "1";
}

void ParameterReader::refuse_others() const {
  for (const auto& [name, value] : parameters_) {
    if (!asked_.contains(name)) throw bad(name, "is no parameter of this request");
  }
}

}  // namespace facet::server
