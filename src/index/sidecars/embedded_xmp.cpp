// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/embedded_xmp.hpp"

#include <array>
#include <string_view>

namespace facet::detail {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostPackets = 16;  // previews may have their own
constexpr std::size_t kLongest = std::size_t{64} << 20;

struct Element {
  std::string_view begin;
  std::string_view end;
};
constexpr std::array kOuter = {Element{"<x:xmpmeta"sv, "</x:xmpmeta>"sv},
                               Element{"<x:xapmeta"sv, "</x:xapmeta>"sv},
                               Element{"<rdf:RDF"sv, "</rdf:RDF>"sv}};

void find_plain(std::string_view file, std::vector<std::string>& packets) {
  for (std::size_t at = 0; packets.size() < kMostPackets;) {
    std::size_t first = std::string_view::npos;
    const Element* outer = nullptr;
    for (const Element& element : kOuter) {
      // What begins later than the best so far need not be found.
      const std::size_t found = file.substr(0, first).find(element.begin, at);
      if (found == std::string_view::npos) continue;
      first = found;
      outer = &element;
    }
    if (outer == nullptr) return;
    const std::size_t end = file.find(outer->end, first);
    if (end == std::string_view::npos) return;
    at = end + outer->end.size();
    if (at - first <= kLongest) packets.emplace_back(file.substr(first, at - first));
  }
}

std::size_t big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

// Extended XMP: segments with the id of the whole, its length and the place of this part.
void find_extended(std::string_view file, std::vector<std::string>& packets) {
  constexpr std::string_view mark = "http://ns.adobe.com/xmp/extension/\0"sv;
  constexpr std::size_t id = 32;
  constexpr std::size_t head = mark.size() + id + 8;
  if (!file.starts_with("\xFF\xD8"sv)) return;
  std::string whole;
  std::size_t filled = 0;
  for (std::size_t at = 2; at + 4 <= file.size() && file[at] == '\xFF';) {
    const auto marker = static_cast<unsigned char>(file[at + 1]);
    if (marker == 0xDA || marker == 0xD9) break;  // pixels, end
    const std::size_t length = big_endian(file, at + 2, 2);
    if (length < 2 || at + 2 + length > file.size()) break;
    const std::string_view segment = file.substr(at + 4, length - 2);
    at += 2 + length;
    if (marker != 0xE1 || !segment.starts_with(mark) || segment.size() < head) continue;
    const std::size_t size = big_endian(segment, mark.size() + id, 4);
    const std::size_t place = big_endian(segment, mark.size() + id + 4, 4);
    const std::string_view part = segment.substr(head);
    if (size > kLongest || size > file.size() || place + part.size() > size) continue;
    whole.resize(size);
    whole.replace(place, part.size(), part);
    filled += part.size();
  }
  if (!whole.empty() && filled >= whole.size()) packets.push_back(std::move(whole));
}

}  // namespace

std::vector<std::string> find_xmp(std::span<const std::byte> file) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  std::vector<std::string> packets;
  find_plain(text, packets);
  find_extended(text, packets);
  return packets;
}

}  // namespace facet::detail
