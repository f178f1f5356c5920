// SPDX-License-Identifier: Apache-2.0
#include "base/picture_mark.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/sha256.hpp"

namespace facet::detail {
namespace {

using namespace std::string_view_literals;
using Bytes = std::span<const std::byte>;

constexpr std::string_view kPngStart = "\x89PNG\r\n\x1A\n"sv;
constexpr std::size_t kPngHeader = 8 + 25;  // signature and IHDR
constexpr std::string_view kJpegText = "facet picture sha256="sv;
constexpr std::string_view kPngText = "facet\0picture sha256="sv;
constexpr std::size_t kDigest = 64;

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::size_t number(std::string_view bytes) {
  std::size_t value = 0;
  for (const char c : bytes) value = value << 8U | static_cast<unsigned char>(c);
  return value;
}

std::string big_endian(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) {
    text += static_cast<char>(value >> static_cast<unsigned>(8 * i) & 0xFFU);
  }
  return text;
}

// PNG's checksum of a chunk; chunks here are short, so no table is needed.
std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

// Where the mark lies: the bytes of its segment or chunk, and the digest in it.
struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view digest;
};

std::optional<Place> find_in_jpeg(std::string_view file) {
  for (std::size_t at = 2; at + 4 <= file.size() && file[at] == '\xFF';) {
    const char marker = file[at + 1];
    if (marker == '\xDA' || marker == '\xD9') break;  // the pixels, or the end
    const std::size_t length = number(file.substr(at + 2, 2));
    if (length < 2) break;
    const std::string_view content = file.substr(at + 4).substr(0, length - 2);
    if (marker == '\xFE' && content.starts_with(kJpegText) &&
        content.size() == kJpegText.size() + kDigest) {
      return Place{at, at + 2 + length, content.substr(kJpegText.size())};
    }
    at += 2 + length;
  }
  return std::nullopt;
}

std::optional<Place> find_in_png(std::string_view file) {
  for (std::size_t at = kPngStart.size(); at + 8 <= file.size();) {
    const std::size_t length = number(file.substr(at, 4));
    const std::string_view kind = file.substr(at + 4, 4);
    if (kind == "IDAT" || kind == "IEND") break;
    const std::string_view content = file.substr(at + 8).substr(0, length);
    if (kind == "tEXt" && content.starts_with(kPngText) &&
        content.size() == kPngText.size() + kDigest) {
      return Place{at, at + 12 + length, content.substr(kPngText.size())};
    }
    at += 12 + length;
  }
  return std::nullopt;
}

std::optional<Place> find_mark(std::string_view file) {
  if (file.starts_with("\xFF\xD8"sv)) return find_in_jpeg(file);
  if (file.starts_with(kPngStart)) return find_in_png(file);
  return std::nullopt;
}

}  // namespace

std::vector<std::byte> with_picture_mark(Bytes encoded) {
  Sha256 hash;
  hash.update(encoded);
  const std::string_view file = text_of(encoded);
  std::size_t place = 0;
  std::string mark;
  if (file.starts_with(kPngStart)) {
    const std::string chunk = std::string("tEXt").append(kPngText).append(hash.finish());
    mark = big_endian(static_cast<std::uint32_t>(chunk.size() - 4), 4) + chunk +
           big_endian(crc32(chunk), 4);
    place = kPngHeader;
  } else {
    const std::string text = std::string(kJpegText).append(hash.finish());
    mark = "\xFF\xFE" + big_endian(static_cast<std::uint32_t>(text.size() + 2), 2) + text;
    // JFIF wants its own segment first.
    place = file.substr(2, 2) == "\xFF\xE0"sv ? 4 + number(file.substr(4, 2)) : 2;
  }
  const Bytes marked = std::as_bytes(std::span(mark));
  std::vector<std::byte> result(encoded.begin(), encoded.end());
  result.insert(result.begin() + static_cast<std::ptrdiff_t>(std::min(place, result.size())),
                marked.begin(), marked.end());
  return result;
}

bool has_picture_mark(Bytes file) {
  return find_mark(text_of(file)).has_value();
}

bool has_intact_picture_mark(Bytes file) {
  const std::optional<Place> place = find_mark(text_of(file));
  if (!place || place->end > file.size()) return false;
  Sha256 hash;
  hash.update(file.first(place->begin));
  hash.update(file.subspan(place->end));
  return hash.finish() == place->digest;
}

}  // namespace facet::detail
