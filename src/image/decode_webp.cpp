// SPDX-License-Identifier: Apache-2.0
#include <webp/decode.h>

#include <cstring>
#include <string_view>
#include <vector>

#include "image/decode_formats.hpp"
#include "image/exif_orientation.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t riff_header_size = 12;
constexpr std::size_t chunk_header_size = 8;

std::size_t little_endian_32(const std::byte* at) {
  std::size_t value = 0;
  for (int i = 3; i >= 0; --i) value = value * 256 + std::to_integer<std::size_t>(at[i]);
  return value;
}

std::span<const std::byte> find_chunk(std::span<const std::byte> bytes, std::string_view name) {
  std::size_t at = riff_header_size;
  while (at + chunk_header_size <= bytes.size()) {
    const std::size_t size = little_endian_32(bytes.data() + at + 4);
    if (size > bytes.size() - at - chunk_header_size) break;
    if (std::memcmp(bytes.data() + at, name.data(), 4) == 0) {
      return bytes.subspan(at + chunk_header_size, size);
    }
    at += chunk_header_size + size + size % 2;
  }
  return {};
}

void check_status(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_OK:
      return;
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
      throw_unreadable("truncated WebP file");
    case VP8_STATUS_OUT_OF_MEMORY:
      throw_unreadable("not enough memory");
    default:
      throw_unreadable("damaged or unsupported WebP file");
  }
}

}  // namespace

StoredPhoto decode_webp(std::span<const std::byte> bytes, const DecodeOptions& options) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) throw_unreadable("unsupported version of libwebp");
  check_status(WebPGetFeatures(data, bytes.size(), &config.input));
  check_size(config.input.width, config.input.height, options);
  if (config.input.has_animation != 0) throw_unreadable("animated WebP file");
  // Some writers leave out the last byte of padding.
  if (little_endian_32(bytes.data() + 4) + 8 > bytes.size() + 1) {
    throw_unreadable("truncated WebP file");
  }

  StoredPhoto photo{Image(config.input.width, config.input.height), 1};
  const std::size_t count = photo.image.pixels.size() / 3;
  const bool has_alpha = config.input.has_alpha != 0;
  std::vector<std::uint8_t> rgba(has_alpha ? count * 4 : 0);
  config.output.colorspace = has_alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = has_alpha ? rgba.data() : photo.image.pixels.data();
  config.output.u.RGBA.stride = photo.image.width * (has_alpha ? 4 : 3);
  config.output.u.RGBA.size = has_alpha ? rgba.size() : photo.image.pixels.size();
  check_status(WebPDecode(data, bytes.size(), &config));
  if (has_alpha) rgba_over_white(rgba.data(), photo.image.pixels.data(), count);
  if (const auto exif = find_chunk(bytes, "EXIF"); !exif.empty()) {
    photo.orientation = exif_orientation(exif);
  }
  return photo;
}

}  // namespace facet::detail
