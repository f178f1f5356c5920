// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <string_view>

#include "facet/report.hpp"

namespace facet {
namespace {

using namespace std::string_view_literals;

// White space beyond ASCII, as UTF-8: readers that split text as Unicode would split there too.
constexpr std::array wide_spaces = {
    "\xC2\x85"sv,     "\xC2\xA0"sv,     "\xE1\x9A\x80"sv, "\xE2\x80\x80"sv, "\xE2\x80\x81"sv,
    "\xE2\x80\x82"sv, "\xE2\x80\x83"sv, "\xE2\x80\x84"sv, "\xE2\x80\x85"sv, "\xE2\x80\x86"sv,
    "\xE2\x80\x87"sv, "\xE2\x80\x88"sv, "\xE2\x80\x89"sv, "\xE2\x80\x8A"sv, "\xE2\x80\xA8"sv,
    "\xE2\x80\xA9"sv, "\xE2\x80\xAF"sv, "\xE2\x81\x9F"sv, "\xE3\x80\x80"sv};
constexpr std::string_view narrow_spaces = " \t\n\v\f\r\x1C\x1D\x1E\x1F%";

// Bytes at the start of the text that must be encoded together; 0 where the first may stay.
std::size_t encoded_length(std::string_view text) {
  if (narrow_spaces.find(text.front()) != std::string_view::npos) return 1;
  for (const std::string_view space : wide_spaces) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

}  // namespace

std::string percent_encode_spaces(std::string_view path) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  while (!path.empty()) {
    const std::size_t length = encoded_length(path);
    if (length == 0) {
      result += path.front();
      path.remove_prefix(1);
      continue;
    }
    for (const char c : path.substr(0, length)) {
      const auto byte = static_cast<unsigned char>(c);
      result += '%';
      result += digits[byte >> 4U];
      result += digits[byte & 15U];
    }
    path.remove_prefix(length);
  }
  return result;
}

}  // namespace facet
