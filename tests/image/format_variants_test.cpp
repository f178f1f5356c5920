// SPDX-License-Identifier: Apache-2.0
// The less common forms of formats that plugins read, and of BMP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "base/file_bytes.hpp"
#include "facet/photo.hpp"
#include "image/photo_files.hpp"
#include "image/plugin_files.hpp"
#include "image/resample.hpp"

namespace facet::detail {
namespace {

using test::Bytes;
using Colour = std::array<std::uint8_t, 3>;

constexpr int kWidth = 5;
constexpr int kHeight = 3;
constexpr std::array<Colour, 4> kColours = {
    {{16, 24, 32}, {248, 8, 16}, {8, 240, 24}, {16, 32, 248}}};

std::size_t index_at(int x, int y, int bits) {
  return static_cast<std::size_t>(x + 2 * y) % (bits == 1 ? 2 : 4);
}

Image indexed(int bits) {
  Image image(kWidth, kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const Colour& colour = kColours.at(index_at(x, y, bits));
      std::copy(colour.begin(), colour.end(), image.row(y) + x * 3);
    }
  }
  return image;
}

void append(std::string& text, std::uint32_t value, int size) {
  for (int i = 0; i < size; ++i) text += static_cast<char>(value >> (8 * i) & 255U);
}

// One row of packed pixels, filled up to whole words.
std::string packed_row(int y, int bits) {
  std::string row;
  std::uint32_t byte = 0;
  int filled = 0;
  for (int x = 0; x < kWidth; ++x) {
    const std::size_t index = index_at(x, y, bits);
    const Colour& colour = kColours.at(index);
    if (bits == 16) {
      append(row, (colour[0] >> 3U) << 10U | (colour[1] >> 3U) << 5U | colour[2] >> 3U, 2);
    } else if (bits >= 24) {
      append(row, static_cast<std::uint32_t>(colour[2]) | colour[1] << 8U | colour[0] << 16U,
             bits / 8);
    } else {
      byte = byte << bits | static_cast<std::uint32_t>(index);
      filled += bits;
      if (filled == 8 || x == kWidth - 1) append(row, byte << (8 - filled), 1);
      if (filled == 8) byte = 0, filled = 0;
    }
  }
  row.resize((row.size() + 3) / 4 * 4);
  return row;
}

std::string run_length_row(int y) {
  std::string row;
  for (int x = 0; x < kWidth; ++x) {
    append(row, 1, 1);
    append(row, static_cast<std::uint32_t>(index_at(x, y, 8)), 1);
  }
  return row + std::string(2, '\0');  // its end
}

struct BmpForm {
  int bits = 24;
  bool downwards = false;
  bool run_length = false;
};

Bytes bmp(const BmpForm& form) {
  std::string pixels;
  for (int i = 0; i < kHeight; ++i) {
    const int y = form.downwards ? i : kHeight - 1 - i;
    pixels += form.run_length ? run_length_row(y) : packed_row(y, form.bits);
  }
  if (form.run_length) pixels += std::string("\0\1", 2);
  const std::uint32_t colours = form.bits > 8 ? 0 : form.bits == 1 ? 2 : 4;
  const std::uint32_t begin = 54 + 4 * colours;
  std::string text = "BM";
  append(text, begin + static_cast<std::uint32_t>(pixels.size()), 4);
  append(text, 0, 4);
  append(text, begin, 4);
  append(text, 40, 4);
  append(text, kWidth, 4);
  append(text, static_cast<std::uint32_t>(form.downwards ? -kHeight : kHeight), 4);
  append(text, 1, 2);
  append(text, static_cast<std::uint32_t>(form.bits), 2);
  append(text, form.run_length ? 1 : 0, 4);
  append(text, static_cast<std::uint32_t>(pixels.size()), 4);
  append(text, 0, 4);
  append(text, 0, 4);
  append(text, colours, 4);
  append(text, 0, 4);
  for (std::uint32_t i = 0; i < colours; ++i) {
    const Colour& colour = kColours.at(i);
    append(text, static_cast<std::uint32_t>(colour[2]) | colour[1] << 8U | colour[0] << 16U, 4);
  }
  return test::bytes_of(text + pixels);
}

TEST(FormatVariants, BmpIsReadAtEveryDepthFromEitherEnd) {
  for (const int bits : {1, 4, 8, 16, 24, 32}) {
    for (const bool downwards : {false, true}) {
      SCOPED_TRACE(std::to_string(bits) + (downwards ? " bits downwards" : " bits"));
      const DecodedPhoto photo = decode_photo(bmp({.bits = bits, .downwards = downwards}));
      EXPECT_EQ(photo.format, "BMP");
      // 16 bits keep five of each colour.
      EXPECT_LE(test::largest_difference(photo.image, indexed(bits)), bits == 16 ? 8 : 0);
    }
  }
  EXPECT_EQ(decode_image(bmp({.bits = 8, .run_length = true})).pixels, indexed(8).pixels);
}

// Headers of versions 4 and 5 hold the colours' bits, and a colour space that nobody writes right.
TEST(FormatVariants, BmpIsReadWithLongHeadersAndFieldsOfBits) {
  for (const std::uint32_t header : {40U, 108U, 124U}) {
    SCOPED_TRACE(std::to_string(header) + " bytes of header");
    const std::uint32_t fields = header == 40 ? 12 : 0;  // behind a short header
    std::string text = "BM";
    append(text, 0, 4);
    append(text, 0, 4);
    append(text, 14 + header + fields, 4);
    append(text, header, 4);
    append(text, kWidth, 4);
    append(text, static_cast<std::uint32_t>(-kHeight), 4);
    append(text, 1, 2);
    append(text, 16, 2);
    append(text, 3, 4);
    for (int i = 0; i < 5; ++i) append(text, 0, 4);
    for (const std::uint32_t mask : {0xF800U, 0x07E0U, 0x001FU}) append(text, mask, 4);
    text.resize(14 + header + fields);
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        const Colour& colour = kColours.at(index_at(x, y, 16));
        append(text, (colour[0] >> 3U) << 11U | (colour[1] >> 2U) << 5U | colour[2] >> 3U, 2);
      }
      append(text, 0, 2);  // rows are whole words
    }
    EXPECT_LE(test::largest_difference(decode_image(test::bytes_of(text)), indexed(16)), 8);
  }
}

TEST(FormatVariants, BmpIsReadWithRunsOfHalfBytes) {
  const Bytes plain = bmp({.bits = 4});
  std::string text(reinterpret_cast<const char*>(plain.data()), plain.size());
  text.resize(54 + 4 * 4);
  text[30] = 2;
  for (int y = kHeight - 1; y >= 0; --y) {
    // Three pixels as they are, filled up to a word, then a run of two: 0 1 0 1 … of two colours.
    const auto at = [y](int x) { return static_cast<std::uint32_t>(index_at(x, y, 4)); };
    append(text, 0, 1);
    append(text, 3, 1);
    append(text, at(0) << 4U | at(1), 1);
    append(text, at(2) << 4U, 1);
    append(text, 2, 1);
    append(text, at(3) << 4U | at(4), 1);
    append(text, 0, 2);
  }
  append(text, 0x100, 2);
  EXPECT_EQ(decode_image(test::bytes_of(text)).pixels, indexed(4).pixels);
}

TEST(FormatVariants, GifShowsItsFirstFrame) {
  const Image image = test::few_colours(40, 30);
  const DecodedPhoto photo = decode_photo(test::make_gif(image, {.frames = 4}));
  EXPECT_EQ(photo.image.pixels, image.pixels);
  EXPECT_EQ(photo.warning, "");
}

TEST(FormatVariants, TiffIsReadWithSixteenBitsTilesAndWhiteAsZero) {
  const Image image = test::noise(50, 41);
  for (const int bits : {8, 16}) {
    for (const bool tiled : {false, true}) {
      SCOPED_TRACE(std::to_string(bits) + (tiled ? " bits, tiles" : " bits"));
      const Bytes bytes = test::make_tiff(50, 41, image.pixels, {.tiled = tiled, .bits = bits});
      EXPECT_LE(test::largest_difference(decode_image(bytes), image), 1);
    }
  }
  const std::vector<std::uint8_t> grey(16 * 16, 30);
  const Image inverted = decode_image(
      test::make_tiff(16, 16, grey, {.pixels = test::TiffPixels::grey, .white_is_zero = true}));
  EXPECT_EQ(inverted.pixels.front(), 225);
}

TEST(FormatVariants, HeifIsReadByBothCodecsAndAtTenBits) {
  const Image image = test::blocks(8, 6);
  // libheif 1.15 cannot write AVIF of 10 bits; the next test reads such files.
  for (const auto& [codec, bits] :
       {std::pair(test::HeifCodec::hevc, 8), std::pair(test::HeifCodec::hevc, 10),
        std::pair(test::HeifCodec::av1, 8)}) {
    const std::optional<Bytes> bytes = test::make_heif(image, {.codec = codec, .bits = bits});
    if (!bytes) continue;  // no encoder for it here
    const DecodedPhoto photo = decode_photo(*bytes);
    SCOPED_TRACE(photo.format + " of " + std::to_string(bits) + " bits");
    EXPECT_EQ(photo.format, codec == test::HeifCodec::av1 ? "AVIF" : "HEIC");
    double sum = 0;
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
      sum += std::abs(photo.image.pixels[i] - image.pixels[i]);
    }
    EXPECT_LT(sum / static_cast<double>(image.pixels.size()), 3);
  }
}

// Of the sample's face, written by avifenc: 10 bits with halved colours and the full range, as
// phones and cameras do, and 12 bits in the range of videos.
TEST(FormatVariants, AvifIsReadAtTenAndTwelveBits) {
  const std::filesystem::path root = FACET_SOURCE_DIR;
  const Image face =
      resample(read_image(root / "samples/astronaut.png"), {148, 40, 160, 160}, 160, 160);
  for (const char* name : {"ten_bits.avif", "twelve_bits.avif"}) {
    SCOPED_TRACE(name);
    const SharedBytes file = read_file_bytes(root / "tests/image/inputs" / name, 1 << 20);
    const DecodedPhoto photo = decode_photo(file.bytes);
    EXPECT_EQ(photo.format, "AVIF");
    ASSERT_EQ(photo.image.width, face.width);
    ASSERT_EQ(photo.image.height, face.height);
    double sum = 0;
    double shift = 0;
    for (std::size_t i = 0; i < face.pixels.size(); ++i) {
      const int difference = photo.image.pixels[i] - face.pixels[i];
      sum += std::abs(difference);
      shift += difference;
    }
    const auto count = static_cast<double>(face.pixels.size());
    EXPECT_LT(sum / count, 4);
    EXPECT_LT(std::abs(shift / count), 1) << "neither brighter nor darker";
  }
}

TEST(FormatVariants, HeifIsTurnedOnce) {
  const Image image = test::blocks(8, 6);
  const std::optional<Bytes> bytes = test::make_heif(image, {.turn = 90});
  if (!bytes) GTEST_SKIP() << "libheif has no encoder here";
  const Image upright = decode_image(*bytes);
  ASSERT_EQ(upright.width, image.height);
  ASSERT_EQ(upright.height, image.width);
  // Clockwise: what was at the left below is at the left above.
  const std::uint8_t* from = image.row(image.height - 4) + 4 * 3;
  const std::uint8_t* to = upright.row(4) + 4 * 3;
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(from[c], to[c], 12);
}

TEST(FormatVariants, NamesOfPhotosAreKnownInAnyCase) {
  for (const char* name : {"a.jpe", "a.JFIF", "a.Heic", "a.hif", "a.AVIF", "a.tif", "a.jxl",
                           "a.bmp", "a.gif", "a.DNG", "a.cr3"}) {
    EXPECT_TRUE(has_photo_extension(name)) << name;
  }
  EXPECT_FALSE(has_photo_extension("a.mp4"));
  EXPECT_FALSE(has_photo_extension("jpg"));
}

}  // namespace
}  // namespace facet::detail
