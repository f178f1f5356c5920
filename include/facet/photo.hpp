// SPDX-License-Identifier: Apache-2.0
// Photo files: decoded with what is known about them, in the detail that is needed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "facet/api.hpp"
#include "facet/image.hpp"

namespace facet {

// A decoded photo. With DecodeOptions::reduce 1 its image is what decode_image() gives.
struct FACET_API DecodedPhoto {
  Image image;  // upright; its sides are the full ones over `reduce`, rounded up
  std::string
      format;  // "JPEG", "PNG", "WebP", "BMP", "HEIC", "AVIF", "TIFF", "GIF", "JPEG XL", "RAW"
  int full_width = 0;  // of the upright photo at full detail
  int full_height = 0;
  int reduce = 1;
  // Where the image's upper left corner lies in the full photo: 0 or, where a photo was turned and
  // its sides are no multiples of `reduce`, a little outside it.
  int offset_x = 0;
  int offset_y = 0;
  std::string warning;  // what is wrong with the file; empty where nothing is

  // A box of `image` in pixels of the full photo, inside it.
  [[nodiscard]] Box in_full_photo(const Box& box) const;
};

// As decode_image() and read_image(), with what else is known.
FACET_API DecodedPhoto decode_photo(std::span<const std::byte> bytes,
                                    const DecodeOptions& options = {});
FACET_API DecodedPhoto read_photo(const std::filesystem::path& path,
                                  const DecodeOptions& options = {});

// What a file says about its photo, from its header, without decoding it.
struct PhotoFacts {
  std::string format;
  int width = 0;  // upright
  int height = 0;
};
// Throws Error(unreadable). The size may be anything that a header can state.
FACET_API PhotoFacts photo_facts(std::span<const std::byte> bytes);

}  // namespace facet
