// SPDX-License-Identifier: Apache-2.0
// Photos in other colour spaces end as sRGB, in every format and at every step of decoding.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include <array>
#include <cstdlib>
#include <optional>

#include "facet/error.hpp"
#include "facet/photo.hpp"
#include "image/colour_profiles.hpp"
#include "image/photo_decoder.hpp"
#include "image/photo_files.hpp"
#include "image/plugin_files.hpp"
#include "image/stored_colours.hpp"

namespace facet::detail {
namespace {

using test::Bytes;
using testing::HasSubstr;
using Pixel = std::array<std::uint8_t, 3>;

constexpr int side = 32;
constexpr std::array<Pixel, 5> kPixels = {
    {{200, 100, 50}, {30, 160, 40}, {10, 20, 30}, {255, 255, 255}, {90, 90, 220}}};

Image flat(const Pixel& pixel) {
  Image image(side, side);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = pixel[i % 3];
  return image;
}

std::vector<std::uint8_t> opaque(const Image& image) {
  std::vector<std::uint8_t> rgba;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    rgba.insert(rgba.end(), image.pixels.data() + i, image.pixels.data() + i + 3);
    rgba.push_back(255);
  }
  return rgba;
}

Bytes jpeg(const Image& image, const Bytes& profile, bool progressive = false) {
  test::JpegForm form;
  form.profile = profile;
  form.progressive = progressive;
  return test::make_jpeg(image.width, image.height, image.pixels, form);
}

Bytes png(const Image& image, const Bytes& profile) {
  return test::png_with_chunk(
      test::make_png(image.width, image.height, 8, PNG_COLOR_TYPE_RGB, image.pixels), "iCCP",
      test::png_profile_data(profile));
}

struct ProfiledFile {
  std::string name;
  Bytes bytes;
  int tolerance = 2;  // of what the format itself loses
};

// Formats whose programs take any bytes for a profile.
std::vector<ProfiledFile> files_with_any(const Bytes& profile, const Image& image) {
  std::vector<ProfiledFile> files = {
      {"JPEG", jpeg(image, profile), 4},
      {"progressive JPEG", jpeg(image, profile, true), 4},
      {"PNG", png(image, profile)},
      {"WebP", test::webp_with_profile(test::make_lossless_webp(side, side, opaque(image)), side,
                                       side, profile)},
      {"TIFF", test::make_tiff(side, side, image.pixels, {.profile = profile})},
      {"TIFF tiles",
       test::make_tiff(side, side, image.pixels, {.tiled = true, .profile = profile})},
  };
  test::HeifForm heif{.profile = profile};
  if (const auto bytes = test::make_heif(image, heif)) files.push_back({"HEIC", *bytes, 8});
  heif.codec = test::HeifCodec::av1;
  if (const auto bytes = test::make_heif(image, heif)) files.push_back({"AVIF", *bytes, 8});
  return files;
}

std::vector<ProfiledFile> files_with(const Bytes& profile, const Image& image) {
  std::vector<ProfiledFile> files = files_with_any(profile, image);
  files.push_back({"JPEG XL", test::make_jxl(image, profile)});
  return files;
}

void expect_all(const Image& image, const std::array<int, 3>& rgb, int tolerance) {
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    ASSERT_NEAR(image.pixels[i], rgb[i % 3], tolerance) << "value " << i;
  }
}

TEST(ColourProfile, CarriesPhotosOfEveryFormatToSrgb) {
  const std::array<Bytes, 2> profiles = {test::display_p3_profile(), test::adobe_rgb_profile()};
  for (std::size_t p = 0; p < profiles.size(); ++p) {
    for (const Pixel& pixel : kPixels) {
      const std::array<int, 3> expected = test::by_lcms(profiles[p], pixel);
      for (const ProfiledFile& file : files_with(profiles[p], flat(pixel))) {
        SCOPED_TRACE(file.name + " of profile " + std::to_string(p));
        const DecodedPhoto photo = decode_photo(file.bytes);
        EXPECT_EQ(photo.warning, "");
        expect_all(photo.image, expected, file.tolerance);
      }
    }
  }
  // What the test rests on: the profiles are far from sRGB.
  EXPECT_GT(std::abs(test::by_lcms(profiles[0], kPixels[1])[0] - kPixels[1][0]), 25);
}

TEST(ColourProfile, CarriesReducedPhotosAndRegionsToo) {
  const Bytes profile = test::display_p3_profile();
  const std::array<int, 3> expected = test::by_lcms(profile, kPixels[0]);
  const PixelRect rect{5, 6, 9, 10};
  for (const Detail detail : {Detail::dropped, Detail::kept}) {
    for (const ProfiledFile& file : files_with(profile, flat(kPixels[0]))) {
      SCOPED_TRACE(file.name);
      PhotoDecoder decoder{std::span(file.bytes)};
      expect_all(decoder.decode(4, detail).image, expected, file.tolerance);
      expect_all(decoder.regions(std::span(&rect, 1)).front(), expected, file.tolerance);
    }
  }
}

TEST(ColourProfile, LeavesSrgbAsItIs) {
  for (const Bytes& profile : {test::srgb_profile(), test::srgb_table_profile()}) {
    EXPECT_TRUE(is_srgb_profile(profile));
    const Image image = test::noise(side, side);
    EXPECT_EQ(decode_image(png(image, profile)).pixels, image.pixels);
  }
  for (const Bytes& profile : {test::display_p3_profile(), test::adobe_rgb_profile(),
                               test::grey_profile(2.2), test::cmyk_profile(), Bytes()}) {
    EXPECT_FALSE(is_srgb_profile(profile));
  }
}

TEST(ColourProfile, NeedsNoPluginForSrgb) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        setenv("FACET_COLOUR_PLUGIN", "/nowhere/libfacet_colour.so", 1);
        const Image image = flat(kPixels[0]);
        const DecodedPhoto srgb = decode_photo(png(image, test::srgb_profile()));
        const DecodedPhoto other = decode_photo(png(image, test::display_p3_profile()));
        const bool right = srgb.warning.empty() && other.image.pixels == image.pixels &&
                           other.warning.find("liblcms2-dev") != std::string::npos;
        std::exit(right ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(ColourProfile, CarriesGrey) {
  const Bytes profile = test::grey_profile(1.0);
  const std::vector<std::uint8_t> grey(side * side, 100);
  const std::uint8_t value = 100;
  const std::array<int, 3> expected = test::by_lcms(profile, std::span(&value, 1));
  ASSERT_GT(expected[0], 150);  // light of 0.39
  test::JpegForm form;
  form.colour = test::JpegColour::grey;
  form.profile = profile;
  expect_all(decode_image(test::make_jpeg(side, side, grey, form)), expected, 2);
  expect_all(
      decode_image(test::png_with_chunk(test::make_png(side, side, 8, PNG_COLOR_TYPE_GRAY, grey),
                                        "iCCP", test::png_profile_data(profile))),
      expected, 1);
  for (const int bits : {8, 16}) {
    const Bytes tiff = test::make_tiff(
        side, side, grey, {.bits = bits, .pixels = test::TiffPixels::grey, .profile = profile});
    expect_all(decode_image(tiff), expected, 1);
  }
}

TEST(ColourProfile, CarriesInks) {
  const Bytes profile = test::cmyk_profile();
  const std::array<std::uint8_t, 4> inks = {200, 30, 80, 40};  // of 255
  const std::array<int, 3> expected = test::by_lcms(profile, inks);
  std::vector<std::uint8_t> amounts;
  std::vector<std::uint8_t> inverted;
  for (int i = 0; i < side * side * 4; ++i) {
    amounts.push_back(inks[static_cast<std::size_t>(i % 4)]);
    inverted.push_back(static_cast<std::uint8_t>(255 - amounts.back()));
  }
  for (const bool adobe : {true, false}) {
    test::JpegForm form;
    form.colour = test::JpegColour::cmyk;
    form.adobe_marker = adobe;
    form.profile = profile;
    const Bytes bytes = test::make_jpeg(side, side, adobe ? inverted : amounts, form);
    EXPECT_EQ(decode_photo(bytes).warning, "");
    expect_all(decode_image(bytes), expected, 4);
    PhotoDecoder decoder{std::span(bytes)};
    const PixelRect rect{3, 4, 5, 6};
    expect_all(decoder.decode(2, Detail::kept).image, expected, 4);
    expect_all(decoder.regions(std::span(&rect, 1)).front(), expected, 4);
  }
  for (const int bits : {8, 16}) {
    const test::TiffForm form{.bits = bits, .pixels = test::TiffPixels::ink, .profile = profile};
    expect_all(decode_image(test::make_tiff(side, side, amounts, form)), expected, 3);
  }
  const std::array<int, 3> plain = {(255 - 200) * 215 / 255, (255 - 30) * 215 / 255,
                                    (255 - 80) * 215 / 255};
  const test::TiffForm without{.pixels = test::TiffPixels::ink};
  expect_all(decode_image(test::make_tiff(side, side, amounts, without)), plain, 1);
}

TEST(ColourProfile, ReadsPhotosWhoseProfileIsWrong) {
  const Image image = flat(kPixels[0]);
  Bytes cut = test::display_p3_profile();
  cut.resize(200);
  Bytes noise = test::display_p3_profile();
  for (std::size_t i = 128; i < noise.size(); ++i) noise[i] = static_cast<std::byte>(i * 37);
  Bytes many = test::display_p3_profile();
  for (std::size_t i = 128; i < 132; ++i) many[i] = std::byte{0xFF};  // number of its tags
  for (const Bytes& profile : {cut, noise, many, test::cmyk_profile(), test::grey_profile(2.2),
                               test::bytes_of("not a profile at all")}) {
    for (const ProfiledFile& file : files_with_any(profile, image)) {
      SCOPED_TRACE(file.name + ", profile of " + std::to_string(profile.size()));
      const DecodedPhoto photo = decode_photo(file.bytes);
      expect_all(photo.image, {200, 100, 50}, file.tolerance);
      EXPECT_THAT(photo.warning, HasSubstr("colours are taken for sRGB"));
    }
  }
  test::JpegForm form;
  form.colour = test::JpegColour::cmyk;
  form.profile = test::display_p3_profile();
  const std::vector<std::uint8_t> inks(side * side * 4, 128);
  EXPECT_THAT(decode_photo(test::make_jpeg(side, side, inks, form)).warning,
              HasSubstr("its colour profile is one of RGB, but the photo is one of CMYK"));
}

TEST(ColourProfile, SurvivesAnyChangedByte) {
  const Image image = flat(kPixels[0]);
  const Bytes profile = test::adobe_rgb_profile();
  for (std::size_t i = 0; i < profile.size(); i += 3) {
    Bytes changed = profile;
    changed[i] = static_cast<std::byte>(0xA5) ^ changed[i];
    EXPECT_EQ(decode_image(jpeg(image, changed)).width, side);
  }
}

TEST(ColourProfile, MissingPartsOfAProfileAreSaid) {
  test::JpegForm form;
  form.profile = Bytes(100'000, std::byte{1});  // takes two markers
  const Image image = flat(kPixels[0]);
  Bytes bytes = test::make_jpeg(side, side, image.pixels, form);
  constexpr std::size_t marker = 2 + 65'535;
  const auto second =
      std::search(bytes.begin(), bytes.end(), std::begin("ICC_PROFILE"), std::end("ICC_PROFILE"),
                  [](std::byte a, char b) { return a == static_cast<std::byte>(b); });
  ASSERT_NE(second, bytes.end());
  bytes.erase(second - 4, second - 4 + marker);
  EXPECT_THAT(decode_photo(bytes).warning, HasSubstr("parts of its colour profile are missing"));
}

TEST(ColourProfile, AppliesPngsChunksOfColour) {
  const std::vector<std::uint8_t> grey(side * side, 100);
  // In hundred-thousandths.
  const auto with_gamma = [&](unsigned gamma) {
    Bytes data;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
      data.push_back(static_cast<std::byte>(gamma >> shift & 255U));
    }
    return test::png_with_chunk(test::make_png(side, side, 8, PNG_COLOR_TYPE_GRAY, grey), "gAMA",
                                data);
  };
  expect_all(decode_image(with_gamma(45'455)), {100, 100, 100}, 0);
  // Light of 100 / 255, as sRGB writes it.
  expect_all(decode_image(with_gamma(100'000)), {168, 168, 168}, 1);
  expect_all(decode_image(with_gamma(10)), {100, 100, 100}, 0);
  const Image image = flat(kPixels[1]);
  const Bytes p3 = test::make_png(
      side, side, 8, PNG_COLOR_TYPE_RGB, image.pixels, [](png_structp p, png_infop info) {
        png_set_cHRM(p, info, 0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060);
      });
  expect_all(decode_image(p3), test::by_lcms(test::display_p3_profile(), kPixels[1]), 2);
}

TEST(ColourProfile, AppliesHeifsNumbersOfColours) {
  const Image image = flat(kPixels[1]);
  test::HeifForm form;
  form.primaries = 12;  // of Display P3
  std::optional<Bytes> bytes = test::make_heif(image, form);
  if (!bytes) GTEST_SKIP() << "libheif has no encoder here";
  expect_all(decode_image(*bytes), test::by_lcms(test::display_p3_profile(), kPixels[1]), 8);
  form.primaries = 1;
  expect_all(decode_image(*test::make_heif(image, form)), {30, 160, 40}, 6);
  form.transfer = 8;  // light itself
  const std::array<int, 3> brighter = {96, 206, 110};
  expect_all(decode_image(*test::make_heif(image, form)), brighter, 8);
}

TEST(ColourProfile, ShowsBrightLightAsWhite) {
  // A grey of 203 candelas is white (ITU-R BT.2408): at 0.58 of PQ's range, at 0.75 of HLG's.
  for (const auto& [transfer, value] : {std::pair(16, 148), std::pair(18, 191)}) {
    const auto level = static_cast<std::uint8_t>(value);
    test::HeifForm form;
    form.primaries = 9;
    form.transfer = transfer;
    const auto white = test::make_heif(flat({level, level, level}), form);
    if (!white) GTEST_SKIP() << "libheif has no encoder here";
    expect_all(decode_image(*white), {252, 252, 252}, 5);
    const auto half = static_cast<std::uint8_t>(value * 3 / 4);
    const Image middle = decode_image(*test::make_heif(flat({half, half, half}), form));
    EXPECT_GT(middle.pixels[0], 100);
    EXPECT_LT(middle.pixels[0], 220);
  }
}

}  // namespace
}  // namespace facet::detail
