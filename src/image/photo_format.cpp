// SPDX-License-Identifier: Apache-2.0
#include "image/photo_format.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <string>
#include <string_view>

namespace facet {
namespace detail {
namespace {

bool has_at(std::span<const std::byte> bytes, std::size_t offset, std::string_view text) {
  return bytes.size() >= offset + text.size() &&
         std::memcmp(bytes.data() + offset, text.data(), text.size()) == 0;
}

}  // namespace

PhotoFormat recognise(std::span<const std::byte> bytes) {
  if (has_at(bytes, 0, "\xFF\xD8\xFF")) return PhotoFormat::jpeg;
  if (has_at(bytes, 0, "\x89PNG\r\n\x1A\n")) return PhotoFormat::png;
  if (has_at(bytes, 0, "RIFF") && has_at(bytes, 8, "WEBP")) return PhotoFormat::webp;
  return PhotoFormat::unknown;
}

std::unique_ptr<PhotoReader> open_photo(std::span<const std::byte> bytes, bool tolerant) {
  switch (recognise(bytes)) {
    case PhotoFormat::jpeg:
      return open_jpeg(bytes, tolerant);
    case PhotoFormat::png:
      return open_png(bytes, tolerant);
    case PhotoFormat::webp:
      return open_webp(bytes, tolerant);
    case PhotoFormat::unknown:
      break;
  }
  throw_unreadable(bytes.empty() ? "empty file" : "not a photo of a format that facet knows");
}

}  // namespace detail

bool has_photo_extension(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 6> extensions = {".jpg",  ".jpeg", ".jpe",
                                                          ".jfif", ".png",  ".webp"};
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

}  // namespace facet
