// SPDX-License-Identifier: Apache-2.0
#include "image/exif_block.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "image/exif_orientation.hpp"

namespace facet::detail {
namespace {

using namespace std::string_view_literals;

constexpr std::array kTiffHeaders = {"II*\0"sv, "MM\0*"sv};

bool starts_with_tiff(std::string_view bytes) {
  return std::any_of(kTiffHeaders.begin(), kTiffHeaders.end(),
                     [&](std::string_view header) { return bytes.starts_with(header); });
}

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::span<const std::byte> find_exif_block(std::span<const std::byte> file) {
  const std::string_view text = as_text(file);
  if (starts_with_tiff(text)) return file;
  // What stands before the block, and how many bytes lie between: JPEG and HEIF; PNG's chunk;
  // WebP's chunk with its length.
  constexpr std::array marks = {std::pair("Exif\0\0"sv, std::size_t{0}),
                                std::pair("eXIf"sv, std::size_t{0}),
                                std::pair("EXIF"sv, std::size_t{4})};
  for (const auto& [mark, between] : marks) {
    for (std::size_t at = text.find(mark); at != std::string_view::npos;
         at = text.find(mark, at + 1)) {
      const std::size_t first = at + mark.size() + between;
      if (first < text.size() && starts_with_tiff(text.substr(first))) return file.subspan(first);
    }
  }
  return {};
}

int stored_orientation(std::span<const std::byte> file) {
  constexpr std::size_t type_at = 4;
  const std::string_view text = as_text(file);
  if (text.size() > type_at && text.substr(type_at).starts_with("ftyp")) return 1;
  const auto block = find_exif_block(file);
  constexpr std::size_t most = std::size_t{1} << 18;
  return block.empty() ? 1 : exif_orientation(block.first(std::min(block.size(), most)));
}

}  // namespace facet::detail
