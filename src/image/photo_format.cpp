// SPDX-License-Identifier: Apache-2.0
#include "image/photo_format.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <string>
#include <string_view>

#include "facet/error.hpp"
#include "image/photo_plugins.hpp"

namespace facet {
namespace detail {
namespace {

bool has_at(std::span<const std::byte> bytes, std::size_t offset, std::string_view text) {
  return bytes.size() >= offset + text.size() &&
         std::memcmp(bytes.data() + offset, text.data(), text.size()) == 0;
}

bool is_heif_brand(std::span<const std::byte> bytes) {
  constexpr std::array<std::string_view, 10> brands = {"heic", "heix", "hevc", "hevx", "heim",
                                                       "heis", "mif1", "msf1", "avif", "avis"};
  return std::any_of(brands.begin(), brands.end(),
                     [&](std::string_view brand) { return has_at(bytes, 8, brand); });
}

// Films that do not begin as MPEG-4's files do.
bool is_video(std::span<const std::byte> bytes) {
  // An MPEG transport stream is packets of 188 bytes, in some cameras with 4 more before each.
  const auto is_stream = [&](std::size_t first, std::size_t size) {
    return has_at(bytes, first, "G") && has_at(bytes, first + size, "G") &&
           has_at(bytes, first + 2 * size, "G");
  };
  return has_at(bytes, 0, "\x1A\x45\xDF\xA3") ||                    // Matroska, WebM
         (has_at(bytes, 0, "RIFF") && has_at(bytes, 8, "AVI ")) ||  //
         has_at(bytes, 0, std::string_view("\0\0\1\xBA", 4)) ||     // MPEG
         has_at(bytes, 0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11") ||    // WMV
         has_at(bytes, 4, "moov") || has_at(bytes, 4, "mdat") || has_at(bytes, 4, "wide") ||
         is_stream(0, 188) || is_stream(4, 192);
}

// The tags of a TIFF file's first directory: only those that tell raw files apart are looked at.
struct FirstDirectory {
  bool dng = false;
  bool maker = false;
  bool small_picture = false;
  bool more_directories = false;
};

FirstDirectory first_directory(std::span<const std::byte> bytes) {
  const bool big_endian = has_at(bytes, 0, "MM");
  const auto number = [&](std::size_t at, std::size_t size) {
    std::size_t value = 0;
    if (at > bytes.size() || size > bytes.size() - at) return value;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t place = big_endian ? at + i : at + size - 1 - i;
      value = value << 8U | std::to_integer<std::size_t>(bytes[place]);
    }
    return value;
  };
  FirstDirectory found;
  const std::size_t at = number(4, 4);
  const std::size_t entries = number(at, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = at + 2 + i * 12;
    const std::size_t tag = number(entry, 2);
    if (tag == 0xC612) found.dng = true;
    if (tag == 0x010F) found.maker = true;
    if (tag == 0x014A) found.more_directories = true;
    if (tag == 0x00FE && (number(entry + 8, 4) & 1U) != 0) found.small_picture = true;
  }
  return found;
}

// Most cameras' raw files are TIFF files whose first picture is a small one.
bool is_raw(std::span<const std::byte> bytes) {
  if (has_at(bytes, 0, "FUJIFILMCCD-RAW")) return true;
  for (const std::string_view start : {"IIRO", "IIRS", "MMOR"}) {
    if (has_at(bytes, 0, start)) return true;
  }
  if (has_at(bytes, 0, std::string_view("IIU\0", 4))) return true;
  const bool tiff = has_at(bytes, 0, std::string_view("II*\0", 4)) ||
                    has_at(bytes, 0, std::string_view("MM\0*", 4));
  if (!tiff) return false;
  if (has_at(bytes, 8, "CR\x02")) return true;
  const FirstDirectory directory = first_directory(bytes);
  return directory.dng ||
         (directory.maker && (directory.small_picture || directory.more_directories));
}

}  // namespace

PhotoFormat recognise(std::span<const std::byte> bytes) {
  if (has_at(bytes, 0, "\xFF\xD8\xFF")) return PhotoFormat::jpeg;
  if (has_at(bytes, 0, "\x89PNG\r\n\x1A\n")) return PhotoFormat::png;
  if (has_at(bytes, 0, "RIFF") && has_at(bytes, 8, "WEBP")) return PhotoFormat::webp;
  if (has_at(bytes, 0, "GIF87a") || has_at(bytes, 0, "GIF89a")) return PhotoFormat::gif;
  if (has_at(bytes, 0, "\xFF\x0A") ||
      has_at(bytes, 0, std::string_view("\0\0\0\x0CJXL \r\n\x87\n", 12))) {
    return PhotoFormat::jxl;
  }
  if (has_at(bytes, 4, "ftyp")) {
    if (has_at(bytes, 8, "crx ")) return PhotoFormat::raw;
    return is_heif_brand(bytes) ? PhotoFormat::heif : PhotoFormat::video;
  }
  // "BM", the file's size, four bytes of zero.
  if (has_at(bytes, 0, "BM") && has_at(bytes, 6, std::string_view("\0\0\0\0", 4))) {
    return PhotoFormat::bmp;
  }
  if (is_raw(bytes)) return PhotoFormat::raw;
  if (has_at(bytes, 0, std::string_view("II*\0", 4)) ||
      has_at(bytes, 0, std::string_view("MM\0*", 4)) ||
      has_at(bytes, 0, std::string_view("II+\0", 4)) ||
      has_at(bytes, 0, std::string_view("MM\0+", 4))) {
    return PhotoFormat::tiff;
  }
  if (is_video(bytes)) return PhotoFormat::video;
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
    case PhotoFormat::bmp:
      return open_bmp(bytes, tolerant);
    case PhotoFormat::heif:
      return open_by_plugin(PhotoPlugin::heif, bytes, tolerant);
    case PhotoFormat::tiff:
      return open_by_plugin(PhotoPlugin::tiff, bytes, tolerant);
    case PhotoFormat::gif:
      return open_by_plugin(PhotoPlugin::gif, bytes, tolerant);
    case PhotoFormat::jxl:
      return open_by_plugin(PhotoPlugin::jxl, bytes, tolerant);
    case PhotoFormat::raw:
      return open_by_plugin(PhotoPlugin::raw, bytes, tolerant);
    case PhotoFormat::video:
      throw Error(ErrorCode::unsupported,
                  "a video, not a photo; facet predict and locate look at frames of videos");
    case PhotoFormat::unknown:
      break;
  }
  throw_unreadable(bytes.empty() ? "empty file" : "not a photo of a format that facet knows");
}

}  // namespace detail

bool has_photo_extension(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 25> extensions = {
      ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".heic", ".heif",
      ".hif", ".avif", ".tif", ".tiff", ".gif", ".jxl",  ".cr2", ".cr3",  ".nef",
      ".arw", ".dng",  ".raf", ".orf",  ".rw2", ".pef",  ".srw"};
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

}  // namespace facet
