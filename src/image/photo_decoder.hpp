// SPDX-License-Identifier: Apache-2.0
// A photo file decoded step by step: little detail of the whole, then full detail of its parts.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "facet/photo.hpp"
#include "image/colour_conversion.hpp"
#include "image/photo_reader.hpp"

namespace facet::detail {

// One photo, used by one thread. All that it gives is upright and sRGB; what DecodeOptions::reduce
// says is left to decode().
class PhotoDecoder {
 public:
  // Reads the header. Borrows the bytes, which must stay. Throws Error: unreadable, too_large.
  explicit PhotoDecoder(std::span<const std::byte> bytes, const DecodeOptions& options = {});
  // Keeps the bytes.
  explicit PhotoDecoder(std::vector<std::byte>&& bytes, const DecodeOptions& options = {});
  ~PhotoDecoder();

  [[nodiscard]] const PhotoFacts& facts() const { return facts_; }
  [[nodiscard]] std::size_t file_size() const { return bytes_.size(); }  // of the bytes it keeps

  // The whole photo, its sides divided by 1, 2, 4 or 8. `kept` is for those who will ask for
  // regions: it takes a little longer and, for a JPEG, some 3 bytes a pixel of memory, and saves a
  // second pass over the file. `perhaps` is for those who seldom ask. Throws Error: unreadable,
  // invalid_argument for another `reduce`.
  DecodedPhoto decode(int reduce, Detail detail = Detail::dropped);

  // Rectangles of the photo in full detail, in one pass: the pixels that decode(1) gives there.
  // What lies outside the photo is left off: an image is smaller then, or empty.
  std::vector<Image> regions(std::span<const PixelRect> rectangles);

 private:
  // Upright and sRGB, of what was just read.
  Image finished(Image stored);

  std::vector<std::byte> bytes_;
  std::unique_ptr<PhotoReader> reader_;
  PhotoFacts facts_;
  std::optional<ColourConversion> colours_;  // known with the first pixels
};

// All bytes of a file that may be a photo; the first ones of a file that is none. Throws Error:
// not_found, io.
std::vector<std::byte> read_photo_bytes(const std::filesystem::path& path);

}  // namespace facet::detail
