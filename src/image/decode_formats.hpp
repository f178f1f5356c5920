// SPDX-License-Identifier: Apache-2.0
// The decoders behind decode_image(), one a file format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "facet/image.hpp"

namespace facet::detail {

// A photo as its file stores it, with the EXIF orientation (1…8) that makes it upright.
struct StoredPhoto {
  Image image;
  int orientation = 1;
};

StoredPhoto decode_jpeg(std::span<const std::byte> bytes, const DecodeOptions& options);
StoredPhoto decode_png(std::span<const std::byte> bytes, const DecodeOptions& options);
StoredPhoto decode_webp(std::span<const std::byte> bytes, const DecodeOptions& options);

// Throws Error where the size that a header announces is out of bounds.
void check_size(std::int64_t width, std::int64_t height, const DecodeOptions& options);

[[noreturn]] void throw_unreadable(const std::string& reason);

// Lays `count` RGBA pixels over white.
void rgba_over_white(const std::uint8_t* rgba, std::uint8_t* rgb, std::size_t count);

}  // namespace facet::detail
