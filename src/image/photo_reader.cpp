// SPDX-License-Identifier: Apache-2.0
#include "image/photo_reader.hpp"

#include <limits>

#include "base/printable_text.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

Image reduced(const Image& image, int reduce) {
  ReducingSink sink(image.width, image.height, reduce, RowOrder::downwards);
  for (int y = 0; y < image.height; ++y) sink.put(0, y, image.width, image.row(y));
  return sink.take();
}

}  // namespace

bool StreamReader::keeps(Detail detail) const {
  return detail != Detail::dropped && std::int64_t{header_.width} * header_.height <= kKeptPixels;
}

Image StreamReader::keep(Image whole, int reduce) {
  whole_ = std::move(whole);
  return reduced(whole_, reduce);
}

Image StreamReader::read(int reduce, Detail detail) {
  if (reduce > 1 && !keeps(detail)) {
    ReducingSink sink(header_.width, header_.height, reduce, row_order());
    read_pixels(sink);
    return sink.take();
  }
  WholeSink sink(header_.width, header_.height);
  read_pixels(sink);
  Image whole = sink.take();
  return reduce == 1 ? std::move(whole) : keep(std::move(whole), reduce);
}

std::vector<Image> StreamReader::read_regions(std::span<const PixelRect> regions) {
  RegionSink sink(regions);
  if (whole_.empty()) {
    read_pixels(sink);
  } else {
    for (int y = 0; y < whole_.height; ++y) sink.put(0, y, whole_.width, whole_.row(y));
  }
  return sink.take();
}

std::string foreign_text(std::string_view text) {
  return printable_text(text.substr(0, text.find_last_not_of(" \t\r\n") + 1));
}

void throw_unreadable(const std::string& reason) {
  throw Error(ErrorCode::unreadable, foreign_text(reason));
}

void check_size(std::int64_t width, std::int64_t height, std::int64_t max_pixels) {
  const auto size = [&] { return std::to_string(width) + "×" + std::to_string(height); };
  if (width < 2 || height < 2) {
    throw_unreadable("photo of " + size() + " pixels, the smallest is 2×2");
  }
  constexpr std::int64_t max_side = std::numeric_limits<int>::max() / 4;
  if (width > max_side || height > max_side || width > max_pixels / height) {
    throw Error(ErrorCode::too_large, "photo of " + size() + " pixels, above the limit of " +
                                          std::to_string(max_pixels) + " (--max-pixels)");
  }
}

void inks_to_rgb(const std::uint8_t* ink, std::uint8_t* rgb, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i, ink += 4, rgb += 3) {
    const unsigned key = 255U - ink[3];
    for (int c = 0; c < 3; ++c) {
      rgb[c] = static_cast<std::uint8_t>(((255U - ink[c]) * key + 127U) / 255U);
    }
  }
}

void rgba_over_white(const std::uint8_t* rgba, std::uint8_t* rgb, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i, rgba += 4, rgb += 3) {
    const unsigned alpha = rgba[3];
    const unsigned white = 255U * (255U - alpha) + 127U;
    for (int c = 0; c < 3; ++c) {
      rgb[c] = static_cast<std::uint8_t>((rgba[c] * alpha + white) / 255U);
    }
  }
}

}  // namespace facet::detail
