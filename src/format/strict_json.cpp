// SPDX-License-Identifier: Apache-2.0
#include "format/strict_json.hpp"

#include <algorithm>
#include <utility>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

constexpr int kDeepest = 32;

std::string shown(double value) {
  return json(value).dump();
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

json parse_strictly(std::string_view text, const std::string& what) {
  std::vector<std::set<std::string>> keys;  // of the objects that are open
  const auto check = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > kDeepest) throw Error(ErrorCode::bad_model, what + " is nested too deeply");
    if (event == json::parse_event_t::object_start) {
      keys.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      keys.pop_back();
    } else if (event == json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!keys.back().insert(key).second) {
        throw Error(ErrorCode::bad_model, what + " names " + in_quotes(key) + " twice");
      }
    }
    return true;
  };
  try {
    return json::parse(text.begin(), text.end(), check);
  } catch (const json::parse_error& error) {
    throw Error(ErrorCode::bad_model,
                what + " is not valid JSON (byte " + std::to_string(error.byte) + ")");
  } catch (const json::exception&) {
    throw Error(ErrorCode::bad_model, what + " holds a number out of range");
  }
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  std::string shortened(text.substr(0, kLongest));
  if (text.size() > kLongest) shortened += "...";
  return json(shortened).dump(-1, ' ', true, json::error_handler_t::replace);
}

bool is_identifier(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

FieldReader::FieldReader(const json& object, std::string context)
    : object_(object), context_(std::move(context)) {
  if (!object_.is_object()) fail("is not an object");
}

void FieldReader::fail(const std::string& reason) const {
  throw Error(ErrorCode::bad_model, context_ + ": " + reason);
}

const json& FieldReader::value(const char* key) {
  asked_.insert(key);
  const auto found = object_.find(key);
  if (found == object_.end()) fail(in_quotes(key) + " is missing");
  return *found;
}

int FieldReader::integer(const char* key, int least, int most) {
  const json& found = value(key);
  if (!found.is_number_integer()) fail(in_quotes(key) + " is not a whole number");
  // An unsigned value above the range of int64 would turn negative.
  const bool huge = found.is_number_unsigned() && found.get<std::uint64_t>() > INT32_MAX;
  const auto number = huge ? std::int64_t{INT32_MAX} + 1 : found.get<std::int64_t>();
  if (number < least || number > most) {
    fail(in_quotes(key) + " is " + found.dump() + ", not within " + std::to_string(least) + " to " +
         std::to_string(most));
  }
  return static_cast<int>(number);
}

float FieldReader::number(const char* key, float least, float most) {
  const json& found = value(key);
  if (!found.is_number()) fail(in_quotes(key) + " is not a number");
  const auto number = found.get<double>();
  // Written so that it also rejects what is not a number at all.
  if (!(number >= double{least} && number <= double{most})) {
    fail(in_quotes(key) + " is " + shown(number) + ", not within " + shown(least) + " to " +
         shown(most));
  }
  return static_cast<float>(number);
}

bool FieldReader::flag(const char* key) {
  const json& found = value(key);
  if (!found.is_boolean()) fail(in_quotes(key) + " is neither true nor false");
  return found.get<bool>();
}

std::string FieldReader::text(const char* key, std::size_t longest) {
  const json& found = value(key);
  if (!found.is_string()) fail(in_quotes(key) + " is not text");
  const auto& text = found.get_ref<const std::string&>();
  if (text.size() > longest) {
    fail(in_quotes(key) + " is longer than " + std::to_string(longest) + " bytes");
  }
  if (has_control_characters(text)) fail(in_quotes(key) + " holds control characters");
  return text;
}

const json& FieldReader::list(const char* key, std::size_t fewest, std::size_t most) {
  const json& found = value(key);
  if (!found.is_array()) fail(in_quotes(key) + " is not a list");
  if (found.size() < fewest || found.size() > most) {
    fail(in_quotes(key) + " has " + std::to_string(found.size()) + " elements, not " +
         (fewest == most ? "" : std::to_string(fewest) + " to ") + std::to_string(most));
  }
  return found;
}

std::vector<float> FieldReader::numbers(const char* key, std::size_t fewest, std::size_t count,
                                        float least, float most) {
  std::vector<float> result;
  for (const json& element : list(key, fewest, count)) {
    const json wrapped = {{key, element}};
    result.push_back(FieldReader(wrapped, context_).number(key, least, most));
  }
  return result;
}

std::vector<int> FieldReader::integers(const char* key, std::size_t fewest, std::size_t count,
                                       int least, int most) {
  std::vector<int> result;
  for (const json& element : list(key, fewest, count)) {
    const json wrapped = {{key, element}};
    result.push_back(FieldReader(wrapped, context_).integer(key, least, most));
  }
  return result;
}

std::vector<std::string> FieldReader::texts(const char* key, std::size_t fewest, std::size_t count,
                                            std::size_t longest) {
  std::vector<std::string> result;
  for (const json& element : list(key, fewest, count)) {
    const json wrapped = {{key, element}};
    result.push_back(FieldReader(wrapped, context_).text(key, longest));
  }
  return result;
}

void FieldReader::finish() const {
  for (const auto& [key, ignored] : object_.items()) {
    if (!asked_.contains(key)) fail("unknown field " + in_quotes(key));
  }
}

}  // namespace facet::detail
