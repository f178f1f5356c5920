// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <fstream>
#include <limits>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "facet/error.hpp"
#include "facet/image.hpp"
#include "image/decode_formats.hpp"
#include "image/exif_orientation.hpp"

namespace facet {

using namespace detail;

namespace {

enum class Format { jpeg, png, webp, unknown };

bool has_at(std::span<const std::byte> bytes, std::size_t offset, std::string_view text) {
  return bytes.size() >= offset + text.size() &&
         std::memcmp(bytes.data() + offset, text.data(), text.size()) == 0;
}

Format recognise(std::span<const std::byte> bytes) {
  if (has_at(bytes, 0, "\xFF\xD8\xFF")) return Format::jpeg;
  if (has_at(bytes, 0, "\x89PNG\r\n\x1A\n")) return Format::png;
  if (has_at(bytes, 0, "RIFF") && has_at(bytes, 8, "WEBP")) return Format::webp;
  return Format::unknown;
}

detail::StoredPhoto decode_stored(std::span<const std::byte> bytes, const DecodeOptions& options) {
  switch (recognise(bytes)) {
    case Format::jpeg:
      return detail::decode_jpeg(bytes, options);
    case Format::png:
      return detail::decode_png(bytes, options);
    case Format::webp:
      return detail::decode_webp(bytes, options);
    case Format::unknown:
      break;
  }
  detail::throw_unreadable(bytes.empty() ? "empty file" : "not a JPEG, PNG or WebP file");
}

// Stops after the first block of files that are no photos, however long they are.
std::vector<std::byte> read_photo_bytes(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    throw Error(ErrorCode::not_found, "no such file");
  }
  if (std::filesystem::is_directory(status)) throw Error(ErrorCode::io, "is a folder, not a file");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ErrorCode::io, "cannot be opened");
  std::vector<std::byte> bytes;
  std::size_t block = std::size_t{1} << 16;
  for (;;) {
    const std::size_t size = bytes.size();
    bytes.resize(size + block);
    file.read(reinterpret_cast<char*>(bytes.data() + size), static_cast<std::streamsize>(block));
    bytes.resize(size + static_cast<std::size_t>(file.gcount()));
    if (file.bad()) throw Error(ErrorCode::io, "cannot be read");
    if (file.eof() || recognise(bytes) == Format::unknown) return bytes;
    block = bytes.size();
  }
}

}  // namespace

namespace detail {

void throw_unreadable(const std::string& reason) {
  throw Error(ErrorCode::unreadable, reason);
}

void check_size(std::int64_t width, std::int64_t height, const DecodeOptions& options) {
  const auto size = [&] { return std::to_string(width) + "×" + std::to_string(height); };
  if (width < 2 || height < 2) {
    throw_unreadable("photo of " + size() + " pixels, the smallest is 2×2");
  }
  constexpr std::int64_t max_side = std::numeric_limits<int>::max() / 4;
  if (width > max_side || height > max_side || width > options.max_pixels / height) {
    throw Error(ErrorCode::too_large, "photo of " + size() + " pixels, above the limit of " +
                                          std::to_string(options.max_pixels) + " pixels");
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

}  // namespace detail

Image decode_image(std::span<const std::byte> bytes, const DecodeOptions& options) {
  try {
    detail::StoredPhoto photo = decode_stored(bytes, options);
    return detail::make_upright(std::move(photo.image), photo.orientation);
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::unreadable, "not enough memory");
  }
}

Image read_image(const std::filesystem::path& path, const DecodeOptions& options) {
  try {
    return decode_image(read_photo_bytes(path), options);
  } catch (const Error& error) {
    throw Error(error.code(), path.string() + ": " + error.what());
  }
}

bool has_photo_extension(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 4> extensions = {".jpg", ".jpeg", ".png", ".webp"};
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

}  // namespace facet
