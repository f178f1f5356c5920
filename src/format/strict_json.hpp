// SPDX-License-Identifier: Apache-2.0
// JSON from untrusted files: bounded nesting, no key twice, every field checked.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace facet::detail {

// Throws Error(bad_model) beginning with `what`, e.g. "header".
nlohmann::json parse_strictly(std::string_view text, const std::string& what);

// Text from a file as it may stand in a one-line message: escaped, shortened, in quotes.
std::string in_quotes(std::string_view text);

// Letters, digits, '_' and '-' alone: fit to be part of tensor names and messages.
bool is_identifier(std::string_view text);

// Reads the fields of a JSON object. Every fault throws Error(bad_model) naming the object and the
// field. `finish` rejects fields that nobody asked for.
class FieldReader {
 public:
  FieldReader(const nlohmann::json& object, std::string context);

  [[nodiscard]] bool has(const char* key) const { return object_.contains(key); }
  const nlohmann::json& value(const char* key);
  int integer(const char* key, int least, int most);
  float number(const char* key, float least, float most);
  bool flag(const char* key);
  // Valid text without control characters, at most `longest` bytes.
  std::string text(const char* key, std::size_t longest);
  const nlohmann::json& list(const char* key, std::size_t fewest, std::size_t most);
  std::vector<float> numbers(const char* key, std::size_t fewest, std::size_t count, float least,
                             float most);
  std::vector<int> integers(const char* key, std::size_t fewest, std::size_t count, int least,
                            int most);
  std::vector<std::string> texts(const char* key, std::size_t fewest, std::size_t count,
                                 std::size_t longest);
  void finish() const;

  [[noreturn]] void fail(const std::string& reason) const;

 private:
  const nlohmann::json& object_;
  std::string context_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace facet::detail
