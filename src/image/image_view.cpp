// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>

#include "facet/error.hpp"
#include "facet/image.hpp"

namespace facet {

ImageView::ImageView(const Image& image) noexcept {
  if (image.width < 1 || image.height < 1) return;
  const std::size_t row_size = static_cast<std::size_t>(image.width) * 3;
  if (image.pixels.size() != row_size * static_cast<std::size_t>(image.height)) return;
  pixels = image.pixels.data();
  width = image.width;
  height = image.height;
  stride = static_cast<std::ptrdiff_t>(row_size);
}

ImageView::ImageView(std::span<const std::uint8_t> bytes, int photo_width, int photo_height,
                     PixelFormat pixel_format, std::ptrdiff_t row_bytes)
    : pixels(bytes.data()),
      width(photo_width),
      height(photo_height),
      format(pixel_format),
      stride(row_bytes) {
  const std::int64_t row_size = std::int64_t{width} * bytes_per_pixel(format);
  if (stride == 0) stride = row_size;
  const bool sized = width > 0 && height > 0 && stride >= row_size;
  // Divided, not multiplied: no sizes overflow.
  const auto size = static_cast<std::int64_t>(bytes.size());
  if (sized && size >= row_size && (size - row_size) / stride >= height - 1) return;
  throw Error(ErrorCode::invalid_argument,
              "a photo of " + std::to_string(width) + "x" + std::to_string(height) + " pixels of " +
                  std::to_string(bytes_per_pixel(format)) + " bytes, rows " +
                  std::to_string(stride) + " bytes apart, does not fit " +
                  std::to_string(bytes.size()) + " bytes");
}

}  // namespace facet
