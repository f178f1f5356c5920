// SPDX-License-Identifier: Apache-2.0
#include "image/exif_orientation.hpp"

#include <libexif/exif-data.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace facet::detail {
namespace {

constexpr std::array<char, 6> exif_header = {'E', 'x', 'i', 'f', '\0', '\0'};

struct ExifDataRelease {
  void operator()(ExifData* data) const { exif_data_unref(data); }
};

// Where pixel (x, y) of the upright image lies in the stored one: origin + x·step_x + y·step_y.
struct Walk {
  std::ptrdiff_t origin;
  std::ptrdiff_t step_x;
  std::ptrdiff_t step_y;
};

Walk walk_of(int orientation, std::ptrdiff_t width, std::ptrdiff_t height) {
  const std::ptrdiff_t right = width - 1;
  const std::ptrdiff_t bottom = (height - 1) * width;
  switch (orientation) {
    case 2:
      return {right, -1, width};
    case 3:
      return {bottom + right, -1, -width};
    case 4:
      return {bottom, 1, -width};
    case 5:
      return {0, width, 1};
    case 6:
      return {bottom, -width, 1};
    case 7:
      return {bottom + right, -width, -1};
    case 8:
      return {right, width, -1};
    default:
      return {0, 1, width};
  }
}

}  // namespace

int exif_orientation(std::span<const std::byte> exif) {
  // libexif wants the header that JPEG has and PNG and WebP leave out.
  std::vector<unsigned char> block;
  if (exif.size() < exif_header.size() ||
      std::memcmp(exif.data(), exif_header.data(), exif_header.size()) != 0) {
    block.assign(exif_header.begin(), exif_header.end());
  }
  const auto* data = reinterpret_cast<const unsigned char*>(exif.data());
  block.insert(block.end(), data, data + exif.size());
  if (block.size() > std::numeric_limits<unsigned int>::max()) return 1;

  const std::unique_ptr<ExifData, ExifDataRelease> parsed(exif_data_new());
  if (!parsed) return 1;
  // Read what is there: no entries are to be invented or corrected.
  exif_data_unset_option(parsed.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
  exif_data_load_data(parsed.get(), block.data(), static_cast<unsigned int>(block.size()));
  const ExifEntry* entry = exif_content_get_entry(parsed->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->data == nullptr || entry->components < 1) return 1;
  const ExifByteOrder order = exif_data_get_byte_order(parsed.get());
  std::uint32_t value = 1;
  if (entry->format == EXIF_FORMAT_SHORT && entry->size >= 2) {
    value = exif_get_short(entry->data, order);
  } else if (entry->format == EXIF_FORMAT_LONG && entry->size >= 4) {
    value = exif_get_long(entry->data, order);
  }
  return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

Image make_upright(Image stored, int orientation) {
  if (orientation < 2 || orientation > 8) return stored;
  const bool turned = orientation >= 5;
  Image upright(turned ? stored.height : stored.width, turned ? stored.width : stored.height);
  const Walk walk = walk_of(orientation, stored.width, stored.height);
  // Tiles keep both images in cache where rows become columns.
  constexpr int tile = 64;
  for (int top = 0; top < upright.height; top += tile) {
    const int bottom = std::min(top + tile, upright.height);
    for (int left = 0; left < upright.width; left += tile) {
      const int right = std::min(left + tile, upright.width);
      for (int y = top; y < bottom; ++y) {
        std::uint8_t* to = upright.row(y) + static_cast<std::ptrdiff_t>(left) * 3;
        std::ptrdiff_t at = walk.origin + left * walk.step_x + y * walk.step_y;
        for (int x = left; x < right; ++x, to += 3, at += walk.step_x) {
          std::memcpy(to, stored.pixels.data() + at * 3, 3);
        }
      }
    }
  }
  return upright;
}

}  // namespace facet::detail
