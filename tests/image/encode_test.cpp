// SPDX-License-Identifier: Apache-2.0
#include "image/encode.hpp"

#include <gtest/gtest.h>

#include "facet/error.hpp"
#include "image/photo_files.hpp"

namespace facet::detail {
namespace {

TEST(Encode, PngKeepsEveryPixel) {
  const Image image = test::gradient(123, 77);
  EXPECT_EQ(decode_image(encode_png(image)).pixels, image.pixels);
}

TEST(Encode, JpegStaysNear) {
  const Image image = test::gradient(123, 77);
  EXPECT_LE(test::largest_difference(decode_image(encode_jpeg(image, 100)), image), 6);
  EXPECT_LE(test::largest_difference(decode_image(encode_jpeg(image)), image), 12);
}

TEST(Encode, JpegKeepsTheColourOfEveryColumn) {
  // Subsampled chroma would mix red and blue columns to purple.
  Image image(32, 32);
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) image.row(y)[x * 3 + (x % 2 == 0 ? 0 : 2)] = 200;
  }
  EXPECT_LE(test::largest_difference(decode_image(encode_jpeg(image, 100)), image), 5);
}

TEST(Encode, JpegIsBaselineAndSmallerAtLowerQuality) {
  const Image image = test::gradient(200, 150);
  const auto high = encode_jpeg(image, 95);
  const auto low = encode_jpeg(image, 40);
  EXPECT_LT(low.size(), high.size());
  bool baseline = false;
  for (std::size_t i = 0; i + 1 < high.size(); ++i) {
    baseline = baseline || (high[i] == std::byte{0xFF} && high[i + 1] == std::byte{0xC0});
  }
  EXPECT_TRUE(baseline);
}

TEST(Encode, WritesMoreThanOneBlock) {
  Image image(700, 500);
  unsigned state = 1;
  for (std::uint8_t& value : image.pixels) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<std::uint8_t>(state >> 24);
  }
  const auto bytes = encode_jpeg(image, 100);
  ASSERT_GT(bytes.size(), 200'000U);
  EXPECT_LE(test::largest_difference(decode_image(bytes), image), 8);
}

TEST(Encode, RefusesWhatCannotBeWritten) {
  EXPECT_THROW(encode_jpeg(Image()), Error);
  EXPECT_THROW(encode_png(Image()), Error);
  EXPECT_THROW(encode_jpeg(Image(4, 4), 0), Error);
  EXPECT_THROW(encode_jpeg(Image(4, 4), 101), Error);
  EXPECT_THROW(encode_jpeg(Image(70'000, 1)), Error);
}

}  // namespace
}  // namespace facet::detail
