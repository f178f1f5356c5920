// SPDX-License-Identifier: Apache-2.0
// Photos in memory, and how they get there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "facet/api.hpp"
#include "facet/box.hpp"

namespace facet {

// An upright RGB photo: 8 bits a channel, interleaved R G B, rows from top to bottom without
// padding. A value type; an empty image has width == height == 0.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;  // width * height * 3

  Image() = default;
  Image(int w, int h)
      : width(w),
        height(h),
        pixels(static_cast<std::size_t>(w) * static_cast<std::size_t>(h) * 3) {}

  [[nodiscard]] bool empty() const { return pixels.empty(); }
  [[nodiscard]] const std::uint8_t* row(int y) const {
    return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width) * 3;
  }
  [[nodiscard]] std::uint8_t* row(int y) {
    return pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width) * 3;
  }
};

enum class PixelFormat { rgb, bgr, rgba, bgra, grey };

constexpr int bytes_per_pixel(PixelFormat format) {
  if (format == PixelFormat::grey) return 1;
  return format == PixelFormat::rgba || format == PixelFormat::bgra ? 4 : 3;
}

// Somebody else's upright photo, looked at without a copy: a NumPy array, an OpenCV frame, a video
// buffer. Its bytes must stay as they are while the view is in use. Alpha is laid over white.
struct FACET_API ImageView {
  const std::uint8_t* pixels = nullptr;
  int width = 0;
  int height = 0;
  PixelFormat format = PixelFormat::rgb;
  std::ptrdiff_t stride = 0;  // bytes from a row to the next

  ImageView() = default;
  // Empty where the image's sizes do not fit its pixels.
  ImageView(const Image& image) noexcept;  // NOLINT: an image may stand for its view
  // `row_bytes` 0: rows without padding. Throws Error(invalid_argument) where a size is below 1 or
  // the bytes are too few for it.
  ImageView(std::span<const std::uint8_t> bytes, int photo_width, int photo_height,
            PixelFormat pixel_format, std::ptrdiff_t row_bytes = 0);

  [[nodiscard]] bool empty() const { return pixels == nullptr; }
  [[nodiscard]] const std::uint8_t* row(int y) const { return pixels + y * stride; }
};

struct DecodeOptions {
  // A photo whose header states more pixels is refused (ErrorCode::too_large), before decoding.
  std::int64_t max_pixels = 250'000'000;
  // 1, 2, 4 or 8: the sides are divided by this, rounded up. Saves memory, and mostly time.
  int reduce = 1;
  // Decodes photos of which pixels are missing or wrong as far as that goes; the rest is grey.
  bool tolerant = false;
};

// Decodes a photo (recognised by content, not by name) to upright RGB: the EXIF orientation is
// applied; grey, palette, 16-bit and CMYK are converted; alpha is laid over white; of animations
// the first frame is taken. A file that is wrong only behind its pixels is decoded (photo.hpp says
// so). Throws Error: unreadable (with the reason), too_large. Photos under 2×2 pixels are
// unreadable. Thread-safe.
FACET_API Image decode_image(std::span<const std::byte> bytes, const DecodeOptions& options = {});

// The same from a file; not_found where it does not exist, io where it cannot be read.
FACET_API Image read_image(const std::filesystem::path& path, const DecodeOptions& options = {});

// True for the extensions that a folder is searched for, in any case: those of JPEG, PNG, WebP,
// BMP, HEIF, AVIF, TIFF, GIF, JPEG XL and cameras' raw files.
FACET_API bool has_photo_extension(const std::filesystem::path& path);

}  // namespace facet
