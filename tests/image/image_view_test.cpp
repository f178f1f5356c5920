// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "facet/error.hpp"
#include "facet/image.hpp"
#include "image/resample.hpp"
#include "image/turned_square.hpp"

namespace facet::detail {
namespace {

Image colourful(int width, int height) {
  Image image(width, height);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    image.pixels[i] = static_cast<std::uint8_t>((i * 37 + i / 11) % 256);
  }
  return image;
}

// The image's pixels in another order, with `padding` bytes behind each row.
std::vector<std::uint8_t> reordered(const Image& image, PixelFormat format, int padding) {
  std::vector<std::uint8_t> bytes;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const std::uint8_t* p = image.row(y) + 3 * x;
      const bool reversed = format == PixelFormat::bgr || format == PixelFormat::bgra;
      bytes.insert(bytes.end(), {p[reversed ? 2 : 0], p[1], p[reversed ? 0 : 2]});
      if (bytes_per_pixel(format) == 4) bytes.push_back(255);
    }
    bytes.insert(bytes.end(), static_cast<std::size_t>(padding), 77);
  }
  return bytes;
}

TEST(ImageView, OfEveryOrderAndStrideGivesTheSamePixels) {
  const Image image = colourful(31, 23);
  const Box window{3.5F, -2, 20, 24.25F};
  const Image expected = resample(image, window, 12, 40);
  const Image turned = cut_square(image, {15, 11, 14, 0.4F}, 9);
  for (const PixelFormat format :
       {PixelFormat::rgb, PixelFormat::bgr, PixelFormat::rgba, PixelFormat::bgra}) {
    for (const int padding : {0, 5}) {
      const std::vector<std::uint8_t> bytes = reordered(image, format, padding);
      const ImageView view(bytes, 31, 23, format, 31 * bytes_per_pixel(format) + padding);
      EXPECT_EQ(resample(view, window, 12, 40).pixels, expected.pixels);
      EXPECT_EQ(cut_square(view, {15, 11, 14, 0.4F}, 9).pixels, turned.pixels);
    }
  }
}

TEST(ImageView, OfGreyIsGreyInEveryChannel) {
  const std::vector<std::uint8_t> bytes = {10, 20, 30, 40, 50, 60};
  const Image image = resize(ImageView(bytes, 3, 2, PixelFormat::grey), 3, 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(image.pixels[3 * i + c], bytes[i]);
  }
}

TEST(ImageView, LaysAlphaOverWhite) {
  const std::vector<std::uint8_t> bytes = {200, 100, 0, 0, 200, 100, 0, 255};
  const Image image = resize(ImageView(bytes, 2, 1, PixelFormat::rgba), 2, 1);
  EXPECT_EQ(image.pixels, (std::vector<std::uint8_t>{255, 255, 255, 200, 100, 0}));
}

TEST(ImageView, IsRefusedWhereItsSizesDoNotFitItsBytes) {
  const std::vector<std::uint8_t> bytes(3 * 4 * 5);
  const auto refused = [&](int width, int height, std::ptrdiff_t stride) {
    try {
      const ImageView view(bytes, width, height, PixelFormat::rgb, stride);
    } catch (const Error& error) {
      return error.code() == ErrorCode::invalid_argument;
    }
    return false;
  };
  EXPECT_FALSE(refused(4, 5, 0));
  EXPECT_FALSE(refused(3, 5, 12)) << "the last row needs no padding";
  EXPECT_TRUE(refused(4, 6, 0));
  EXPECT_TRUE(refused(5, 5, 0));
  EXPECT_TRUE(refused(4, 5, 11)) << "rows overlap";
  EXPECT_TRUE(refused(4, 5, -12));
  EXPECT_TRUE(refused(0, 5, 0));
  EXPECT_TRUE(refused(4, -1, 0));
  constexpr int most = std::numeric_limits<int>::max();
  EXPECT_TRUE(refused(most, most, 0));
  EXPECT_TRUE(refused(4, most, std::numeric_limits<std::ptrdiff_t>::max()));
}

TEST(ImageView, OfAnInconsistentImageIsEmpty) {
  Image image(4, 5);
  EXPECT_FALSE(ImageView(image).empty());
  image.width = 5;
  EXPECT_TRUE(ImageView(image).empty());
  EXPECT_TRUE(ImageView(Image()).empty());
}

}  // namespace
}  // namespace facet::detail
