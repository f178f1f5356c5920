// SPDX-License-Identifier: Apache-2.0
// Files that other programs show although something is wrong with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include <algorithm>

#include "facet/error.hpp"
#include "facet/photo.hpp"
#include "image/every_format.hpp"

namespace facet::detail {
namespace {

using test::Bytes;
using testing::HasSubstr;

std::filesystem::path input(const char* name) {
  return std::filesystem::path(FACET_SOURCE_DIR) / "tests/image/inputs" / name;
}

Bytes without_last(Bytes bytes, std::size_t count) {
  bytes.resize(bytes.size() - count);
  return bytes;
}

Bytes cut_at(const Bytes& bytes, double part) {
  return without_last(
      bytes, bytes.size() - static_cast<std::size_t>(static_cast<double>(bytes.size()) * part));
}

void expect_same_but_for_a_warning(const Bytes& broken, const Bytes& whole) {
  for (const bool tolerant : {false, true}) {
    DecodeOptions options;
    options.tolerant = tolerant;
    const DecodedPhoto photo = decode_photo(broken, options);
    EXPECT_EQ(photo.image.pixels, decode_image(whole).pixels);
    EXPECT_THAT(photo.warning, HasSubstr("the end of the"));
  }
  DecodeOptions reduced;
  reduced.reduce = 2;
  EXPECT_THAT(decode_photo(broken, reduced).warning, HasSubstr("the end of the"));
}

std::string refusal(const Bytes& bytes) {
  try {
    decode_photo(bytes);
    return "no refusal";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unreadable);
    return error.what();
  }
}

DecodedPhoto decode_tolerantly(const Bytes& bytes, int reduce = 1) {
  DecodeOptions options;
  options.tolerant = true;
  options.reduce = reduce;
  return decode_photo(bytes, options);
}

// Rows from the top that are as in the whole photo.
int right_rows(const Image& image, const Image& whole) {
  int rows = 0;
  while (rows < whole.height &&
         std::equal(whole.row(rows), whole.row(rows) + whole.width * 3, image.row(rows))) {
    ++rows;
  }
  return rows;
}

TEST(BrokenFile, OrdinaryOnesGiveNoWarning) {
  for (const test::NamedFile& file : test::every_format(test::gradient(64, 48))) {
    SCOPED_TRACE(file.name);
    EXPECT_EQ(decode_photo(file.bytes).warning, "");
    EXPECT_EQ(decode_tolerantly(file.bytes).warning, "");
    EXPECT_EQ(decode_tolerantly(file.bytes, 4).warning, "");
  }
}

TEST(BrokenFile, JpegsWithoutAnEndMarkerAreRead) {
  for (const bool progressive : {false, true}) {
    test::JpegForm form;
    form.progressive = progressive;
    const Bytes whole = test::make_jpeg(64, 48, test::noise(64, 48).pixels, form);
    Bytes broken = without_last(whole, 2);
    expect_same_but_for_a_warning(broken, whole);
    broken.resize(broken.size() + 5000);  // zeros, as broken disks leave them
    expect_same_but_for_a_warning(broken, whole);
    broken = without_last(whole, 2);
    broken.insert(broken.end(), 400, std::byte{0x55});
    expect_same_but_for_a_warning(broken, whole);
  }
  EXPECT_EQ(read_image(input("noeoi.jpg")).pixels, read_image(input("normal.jpg")).pixels);
  EXPECT_EQ(read_image(input("pad0_noeoi.jpg")).pixels, read_image(input("normal.jpg")).pixels);
}

TEST(BrokenFile, BytesBehindTheEndMarkerAreNoFault) {
  Bytes bytes = test::make_jpeg(64, 48, test::noise(64, 48).pixels);
  bytes.resize(bytes.size() + 5000);
  EXPECT_EQ(decode_photo(bytes).warning, "");
  bytes.insert(bytes.end(), 5000, std::byte{0x41});
  EXPECT_EQ(decode_photo(bytes).warning, "");
}

TEST(BrokenFile, PngsWithoutAnEndAreRead) {
  for (const bool interlaced : {false, true}) {
    const Bytes whole =
        test::make_png(64, 48, 8, PNG_COLOR_TYPE_RGB, test::noise(64, 48).pixels, {}, interlaced);
    expect_same_but_for_a_warning(without_last(whole, 2), whole);
    expect_same_but_for_a_warning(without_last(whole, 12), whole);      // no IEND
    expect_same_but_for_a_warning(without_last(whole, 12 + 4), whole);  // nor the checksum
    Bytes padded = without_last(whole, 12);
    padded.resize(padded.size() + 300);
    expect_same_but_for_a_warning(padded, whole);
  }
  EXPECT_NE(read_photo(input("no_iend.png")).warning, "");
}

TEST(BrokenFile, WebpsWithoutTheirLastChunksAreRead) {
  const Image image = test::gradient(64, 48);
  for (const Bytes& simple : {test::make_lossy_webp(image)}) {
    const Bytes whole =
        test::webp_with_exif(simple, 64, 48, test::exif_with_header(test::exif_block(1, true)));
    expect_same_but_for_a_warning(without_last(whole, 10), whole);
  }
}

TEST(BrokenFile, AnimationsShowTheirFirstFrame) {
  EXPECT_EQ(read_photo(input("anim.webp")).warning, "");
  EXPECT_FALSE(read_image(input("anim.webp")).empty());

  const Image frame = test::noise(20, 10);
  std::vector<std::uint8_t> rgba;
  for (std::size_t i = 0; i < frame.pixels.size(); i += 3) {
    rgba.insert(rgba.end(), frame.pixels.data() + i, frame.pixels.data() + i + 3);
    rgba.push_back(255);
  }
  const Bytes simple = test::make_lossless_webp(20, 10, rgba);
  const Bytes bytes = test::animated_webp(
      40, 30, {{simple, 6, 4, 20, 10}, {test::make_lossy_webp(test::blocks(2, 2)), 0, 0, 16, 16}});
  const Image image = decode_image(bytes);
  ASSERT_EQ(image.width, 40);
  ASSERT_EQ(image.height, 30);
  for (int y = 0; y < 30; ++y) {
    for (int x = 0; x < 40; ++x) {
      const bool inside = x >= 6 && x < 26 && y >= 4 && y < 14;
      for (int c = 0; c < 3; ++c) {
        ASSERT_EQ(image.row(y)[x * 3 + c], inside ? frame.row(y - 4)[(x - 6) * 3 + c] : 255);
      }
    }
  }
  // What is missing is a later frame's.
  EXPECT_THAT(decode_photo(without_last(bytes, 20)).warning, HasSubstr("first frame"));
  EXPECT_EQ(decode_image(without_last(bytes, 20)).pixels, image.pixels);
  EXPECT_THAT(refusal(cut_at(bytes, 0.1)), HasSubstr("truncated"));
}

TEST(BrokenFile, PhotosWithoutSomePixelsAreReadTolerantly) {
  const Image image = test::noise(96, 128);
  for (const test::NamedFile& file : test::every_format(image)) {
    SCOPED_TRACE(file.name);
    const Image whole = decode_image(file.bytes);
    const Bytes cut = cut_at(file.bytes, 0.6);
    EXPECT_THAT(refusal(cut), HasSubstr("truncated"));
    const DecodedPhoto photo = decode_tolerantly(cut);
    EXPECT_THAT(photo.warning, HasSubstr("missing"));
    ASSERT_EQ(photo.image.pixels.size(), whole.pixels.size());
    const bool in_passes = file.name == "progressive JPEG" || file.name == "interlaced PNG";
    if (!in_passes) {
      EXPECT_GT(right_rows(photo.image, whole), 30);
      EXPECT_LT(right_rows(photo.image, whole), 100);
      EXPECT_THAT(photo.warning, HasSubstr("of 128 on"));
    }
    EXPECT_EQ(decode_tolerantly(cut, 4).image.height, 32);
  }
}

TEST(BrokenFile, ZerosInPlaceOfPixelsAreMissingPixels) {
  const Image image = test::noise(96, 128);
  for (const bool progressive : {false, true}) {
    test::JpegForm form;
    form.progressive = progressive;
    Bytes bytes = test::make_jpeg(96, 128, image.pixels, form);
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() * 6 / 10), bytes.end(),
              std::byte{0});
    EXPECT_THAT(refusal(bytes), HasSubstr("truncated"));
    EXPECT_NE(decode_tolerantly(bytes).warning, "");
  }
}

TEST(BrokenFile, EveryScanOfAProgressiveJpegIsNeeded) {
  test::JpegForm form;
  form.progressive = true;
  const Bytes whole = test::make_jpeg(64, 48, test::noise(64, 48).pixels, form);
  // The last scan's header begins with FF DA: all before it is a file of complete scans.
  std::size_t last = 0;
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
    if (whole[i] == std::byte{0xFF} && whole[i + 1] == std::byte{0xDA}) last = i;
  }
  const Bytes cut = without_last(whole, whole.size() - last);
  EXPECT_THAT(refusal(cut), HasSubstr("truncated"));
  EXPECT_NE(decode_tolerantly(cut).warning, "");
}

TEST(BrokenFile, WrongPixelsAreShownTolerantly) {
  const Image image = test::noise(96, 128);
  for (const test::NamedFile& file : test::every_format(image)) {
    if (file.name.ends_with("WebP")) continue;  // has no checksum: what it says is what it is
    SCOPED_TRACE(file.name);
    Bytes damaged = file.bytes;
    for (std::size_t i = 0; i < 24; ++i) damaged[damaged.size() / 2 + i] = std::byte{0xFF};
    EXPECT_THAT(refusal(damaged), HasSubstr("damaged"));
    const DecodedPhoto photo = decode_tolerantly(damaged);
    EXPECT_THAT(photo.warning, HasSubstr("damaged"));
    EXPECT_EQ(photo.image.height, 128);
  }
}

}  // namespace
}  // namespace facet::detail
