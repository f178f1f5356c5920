// SPDX-License-Identifier: Apache-2.0
#include "index/query/query_error.hpp"

#include <algorithm>

namespace facet::detail {
namespace {

// Characters of UTF-8 text: bytes that do not go on with one.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

}  // namespace

std::string caret_lines(std::string_view query, QuerySpan span) {
  std::string shown(query);
  std::replace_if(
      shown.begin(), shown.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20U || c == 0x7F; }, ' ');
  const std::size_t first = std::min(span.first, query.size());
  const std::size_t marked = characters(query.substr(first, span.count));
  return "  " + shown + "\n  " + std::string(characters(query.substr(0, first)), ' ') + '^' +
         std::string(marked > 1 ? marked - 1 : 0, '~') + '\n';
}

}  // namespace facet::detail
