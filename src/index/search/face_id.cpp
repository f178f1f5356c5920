// SPDX-License-Identifier: Apache-2.0
#include "index/search/face_id.hpp"

#include <charconv>

namespace facet::detail {

std::string face_id_text(const ContentHash& content, int number) {
  constexpr std::size_t digits = 12;
  return hex_text(content).substr(0, digits) + '.' + std::to_string(number);
}

std::optional<FaceId> read_face_id(std::string_view text) {
  constexpr std::size_t fewest = 4;
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot < fewest || dot > 2 * ContentHash().size()) {
    return std::nullopt;
  }
  FaceId id;
  for (char c : text.substr(0, dot)) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c + 32);
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return std::nullopt;
    id.content += c;
  }
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + dot + 1, end, id.number);
  if (read.ec != std::errc() || read.ptr != end || id.number < 1) return std::nullopt;
  return id;
}

}  // namespace facet::detail
