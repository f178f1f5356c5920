// SPDX-License-Identifier: Apache-2.0
// Every way to store colour ends as RGB.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include <array>

#include "facet/error.hpp"
#include "image/photo_files.hpp"

namespace facet::detail {
namespace {

using test::Bytes;

constexpr int side = 16;

template <std::size_t N>
std::vector<std::uint8_t> flat(const std::array<std::uint8_t, N>& pixel) {
  std::vector<std::uint8_t> samples;
  for (int i = 0; i < side * side; ++i) samples.insert(samples.end(), pixel.begin(), pixel.end());
  return samples;
}

void expect_flat(const Image& image, std::array<int, 3> rgb, int tolerance) {
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    ASSERT_NEAR(image.pixels[i], rgb[i % 3], tolerance) << "value " << i;
  }
}

TEST(JpegColour, TurnsGreyIntoRgb) {
  test::JpegForm form;
  form.colour = test::JpegColour::grey;
  const std::vector<std::uint8_t> grey(side * side, 90);
  expect_flat(decode_image(test::make_jpeg(side, side, grey, form)), {90, 90, 90}, 1);
}

TEST(JpegColour, ReadsAdobesInvertedCmyk) {
  // Ink 55, 155, 205, 55 of 255, stored inverted.
  for (const auto colour : {test::JpegColour::cmyk, test::JpegColour::ycck}) {
    test::JpegForm form;
    form.colour = colour;
    const Bytes bytes = test::make_jpeg(side, side, flat<4>({200, 100, 50, 200}), form);
    expect_flat(decode_image(bytes), {200 * 200 / 255, 100 * 200 / 255, 50 * 200 / 255}, 3);
  }
}

TEST(JpegColour, ReadsPlainCmykWithoutAdobesMarker) {
  test::JpegForm form;
  form.colour = test::JpegColour::cmyk;
  form.adobe_marker = false;
  const Bytes bytes = test::make_jpeg(side, side, flat<4>({55, 155, 205, 55}), form);
  expect_flat(decode_image(bytes), {200 * 200 / 255, 100 * 200 / 255, 50 * 200 / 255}, 2);
}

TEST(PngColour, ExpandsPalettes) {
  const std::array<png_color, 3> palette = {{{255, 0, 0}, {10, 200, 30}, {0, 0, 255}}};
  const std::array<png_byte, 2> alpha = {255, 0};  // the second is transparent
  const auto set_palette = [&](png_structp png, png_infop info) {
    png_set_PLTE(png, info, palette.data(), 3);
  };
  const std::vector<std::uint8_t> rows = {0b00011000, 0b10010000};  // 2 bits a pixel
  const Bytes plain = test::make_png(3, 2, 2, PNG_COLOR_TYPE_PALETTE, rows, set_palette);
  EXPECT_THAT(decode_image(plain).pixels,
              testing::ElementsAre(255, 0, 0, 10, 200, 30, 0, 0, 255,  //
                                   0, 0, 255, 10, 200, 30, 255, 0, 0));
  const Bytes transparent =
      test::make_png(3, 2, 2, PNG_COLOR_TYPE_PALETTE, rows, [&](png_structp png, png_infop info) {
        set_palette(png, info);
        png_set_tRNS(png, info, alpha.data(), 2, nullptr);
      });
  EXPECT_THAT(decode_image(transparent).pixels,
              testing::ElementsAre(255, 0, 0, 255, 255, 255, 0, 0, 255,  //
                                   0, 0, 255, 255, 255, 255, 255, 0, 0));
}

TEST(PngColour, ExpandsGreyOfAnyDepth) {
  const std::vector<std::uint8_t> bits = {0b01000000, 0b10000000};
  EXPECT_THAT(decode_image(test::make_png(2, 2, 1, PNG_COLOR_TYPE_GRAY, bits)).pixels,
              testing::ElementsAre(0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0));
  const std::vector<std::uint8_t> nibbles = {0x0F, 0x51};
  EXPECT_THAT(decode_image(test::make_png(2, 2, 4, PNG_COLOR_TYPE_GRAY, nibbles)).pixels,
              testing::ElementsAre(0, 0, 0, 255, 255, 255, 85, 85, 85, 17, 17, 17));
}

TEST(PngColour, ScalesSixteenBits) {
  std::vector<std::uint8_t> samples;
  for (const unsigned value : {0x0000U, 0xFFFFU, 0x8080U, 0x00FFU, 0x1234U, 0xFF00U}) {
    samples.push_back(static_cast<std::uint8_t>(value >> 8));
    samples.push_back(static_cast<std::uint8_t>(value & 255U));
  }
  samples.insert(samples.end(), samples.begin(), samples.end());
  // 0x00FF / 257 = 0.99, 0x1234 / 257 = 18.1, 0xFF00 / 257 = 254.0
  EXPECT_THAT(decode_image(test::make_png(2, 2, 16, PNG_COLOR_TYPE_RGB, samples)).pixels,
              testing::ElementsAre(0, 255, 128, 1, 18, 254, 0, 255, 128, 1, 18, 254));
}

TEST(PngColour, LaysAlphaOverWhite) {
  const std::vector<std::uint8_t> rgba = {10,  20,  30, 255, 10, 20, 30, 0,  //
                                          100, 200, 0,  128, 0,  0,  0,  51};
  for (const bool interlaced : {false, true}) {
    const Bytes bytes = test::make_png(2, 2, 8, PNG_COLOR_TYPE_RGBA, rgba, {}, interlaced);
    EXPECT_THAT(decode_image(bytes).pixels,
                testing::ElementsAre(10, 20, 30, 255, 255, 255, 177, 227, 127, 204, 204, 204));
  }
  const std::vector<std::uint8_t> grey_alpha = {50, 255, 50, 0, 0, 128, 255, 7};
  const Bytes bytes = test::make_png(2, 2, 8, PNG_COLOR_TYPE_GRAY_ALPHA, grey_alpha);
  EXPECT_THAT(decode_image(bytes).pixels,
              testing::ElementsAre(50, 50, 50, 255, 255, 255, 127, 127, 127, 255, 255, 255));
}

TEST(PngColour, TakesTheTransparentColourForWhite) {
  png_color_16 key{};
  key.red = 1;
  key.green = 2;
  key.blue = 3;
  const std::vector<std::uint8_t> rgb = {1, 2, 3, 1, 2, 4, 9, 9, 9, 1, 2, 3};
  const Bytes bytes = test::make_png(
      2, 2, 8, PNG_COLOR_TYPE_RGB, rgb,
      [&](png_structp png, png_infop info) { png_set_tRNS(png, info, nullptr, 0, &key); });
  EXPECT_THAT(decode_image(bytes).pixels,
              testing::ElementsAre(255, 255, 255, 1, 2, 4, 9, 9, 9, 255, 255, 255));
}

TEST(WebpColour, LaysAlphaOverWhite) {
  const std::vector<std::uint8_t> rgba = {10,  20,  30, 255, 10, 20, 30, 0,  //
                                          100, 200, 0,  128, 0,  0,  0,  51};
  EXPECT_THAT(decode_image(test::make_lossless_webp(2, 2, rgba)).pixels,
              testing::ElementsAre(10, 20, 30, 255, 255, 255, 177, 227, 127, 204, 204, 204));
}

}  // namespace
}  // namespace facet::detail
