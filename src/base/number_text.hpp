// SPDX-License-Identifier: Apache-2.0
// Numbers as text, independent of the locale.
#pragma once

#include <array>
#include <charconv>
#include <string>

namespace facet::detail {

// The shortest decimal that reads back as the same float.
inline std::string shortest_text(float value) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

inline std::string fixed_text(float value, int decimals) {
  std::array<char, 96> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::fixed, decimals)
                       .ptr;
  return {text.data(), end};
}

}  // namespace facet::detail
