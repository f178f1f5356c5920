// SPDX-License-Identifier: Apache-2.0
// Photo files: read or refused with a reason; reduced, in parts and tolerantly as a whole and
// strictly.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "facet/encoded_photo.hpp"
#include "facet/photo.hpp"
#include "image/photo_decoder.hpp"
#include "oracle.hpp"

namespace {

using namespace facet;
using namespace facet::fuzz;

void check_sizes(const DecodedPhoto& photo, const PhotoFacts& facts, int reduce) {
  expect(photo.full_width == facts.width && photo.full_height == facts.height);
  expect(photo.reduce == reduce && photo.format == facts.format);
  const Image& image = photo.image;
  expect(image.width == (facts.width + reduce - 1) / reduce);
  expect(image.height == (facts.height + reduce - 1) / reduce);
  expect(image.pixels.size() ==
         static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 3);
  expect(photo.warning.empty() || is_one_line(photo.warning));
}

// A part has the pixels that the whole has there; what lies outside is left off.
void check_region(const Image& part, const detail::PixelRect& wanted, const Image& whole) {
  const int left = std::max(wanted.x, 0);
  const int top = std::max(wanted.y, 0);
  expect(part.width == std::max(std::min(wanted.x + wanted.width, whole.width) - left, 0));
  expect(part.height == std::max(std::min(wanted.y + wanted.height, whole.height) - top, 0));
  for (int y = 0; y < part.height; ++y) {
    const std::uint8_t* row = part.row(y);
    expect(std::equal(row, row + std::ptrdiff_t{part.width} * 3,
                      whole.row(top + y) + std::ptrdiff_t{left} * 3));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const std::uint32_t number = number_of({data, size});
  const int reduce = 1 << (number % 4);
  DecodeOptions options;
  options.max_pixels = 1 << 18;
  options.tolerant = number / 4 % 2 == 1;

  DecodedPhoto whole;
  const bool decoded = succeeds([&] {
    EncodedPhoto photo({bytes.begin(), bytes.end()}, options);
    expect(photo.file_size() == size);
    expect(std::int64_t{photo.facts().width} * photo.facts().height <= options.max_pixels);
    whole = photo.decode(1);
    check_sizes(whole, photo.facts(), 1);
    check_sizes(photo.decode(reduce), photo.facts(), reduce);
  });
  succeeds([&] {
    detail::PhotoDecoder decoder(bytes, options);
    const int w = decoder.facts().width;
    const int h = decoder.facts().height;
    const std::vector<detail::PixelRect> wanted = {
        {0, 0, w, 1}, {w / 3, h / 3, w / 2 + 1, h / 2 + 1}, {w - 2, h - 2, 5, 5}};
    const auto kept = number / 8 % 2 == 1 ? detail::Detail::kept : detail::Detail::perhaps;
    check_sizes(decoder.decode(reduce, kept), decoder.facts(), reduce);
    const std::vector<Image> parts = decoder.regions(wanted);
    expect(parts.size() == wanted.size());
    // What is wrong with a file may show elsewhere when it is read otherwise.
    if (!decoded || !whole.warning.empty()) return;
    for (std::size_t i = 0; i < parts.size(); ++i) check_region(parts[i], wanted[i], whole.image);
  });
  return 0;
}
