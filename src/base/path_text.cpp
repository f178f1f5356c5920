// SPDX-License-Identifier: Apache-2.0
#include "base/path_text.hpp"

#include <cstddef>

#include "base/printable_text.hpp"

namespace facet::detail {
namespace {

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

PathText path_text(std::string_view path) {
  if (is_utf8(path)) return {std::string(path), false};
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  while (!path.empty()) {
    const std::size_t length = utf8_length(path);
    if (length > 0 && path.front() != '%') {
      text += path.substr(0, length);
      path.remove_prefix(length);
      continue;
    }
    const auto byte = static_cast<unsigned char>(path.front());
    text.append(1, '%').append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
    path.remove_prefix(1);
  }
  return {text, true};
}

}  // namespace facet::detail
