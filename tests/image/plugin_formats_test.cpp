// SPDX-License-Identifier: Apache-2.0
// The formats that plugins read, and BMP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tiffio.h>

#include <cstdlib>

#include "facet/error.hpp"
#include "facet/photo.hpp"
#include "image/photo_decoder.hpp"
#include "image/photo_files.hpp"
#include "image/photo_plugins.hpp"
#include "image/plugin_files.hpp"

namespace facet::detail {
namespace {

using test::Bytes;
using test::few_colours;
using testing::HasSubstr;

std::filesystem::path input(const char* name) {
  return std::filesystem::path(FACET_SOURCE_DIR) / "tests/image/inputs" / name;
}

Bytes tiff(const Image& image, const test::TiffForm& form) {
  return test::make_tiff(image.width, image.height, image.pixels, form);
}

struct NamedFile {
  std::string name;
  Bytes bytes;
};

std::vector<NamedFile> lossless_files(const Image& image) {
  return {{"BMP", test::make_bmp(image)},
          {"TIFF", tiff(image, {})},
          {"TIFF LZW", tiff(image, {.compression = COMPRESSION_LZW})},
          {"TIFF tiles", tiff(image, {.compression = COMPRESSION_ADOBE_DEFLATE, .tiled = true})},
          {"GIF", test::make_gif(image)},
          {"GIF interlaced", test::make_gif(image, {.interlaced = true})},
          {"JPEG XL", test::make_jxl(image)}};
}

std::string refusal(const Bytes& bytes, const DecodeOptions& options = {}) {
  try {
    decode_photo(bytes, options);
    return "no refusal";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(PluginFormats, GiveThePixelsOfThePhoto) {
  const Image image = few_colours(53, 37);
  for (const NamedFile& file : lossless_files(image)) {
    SCOPED_TRACE(file.name);
    const DecodedPhoto photo = decode_photo(file.bytes);
    EXPECT_EQ(photo.image.pixels, image.pixels);
    EXPECT_EQ(photo.warning, "");
    EXPECT_TRUE(file.name.starts_with(photo.format)) << photo.format;
    EXPECT_EQ(photo_facts(file.bytes).width, 53);
  }
}

TEST(PluginFormats, AreReducedAndCutAsTheOthers) {
  const Image image = few_colours(53, 37);
  const PixelRect rect{11, 9, 20, 13};
  ReducingSink means(53, 37, 4, RowOrder::downwards);
  RegionSink part(std::span(&rect, 1));
  for (int y = 0; y < 37; ++y) {
    means.put(0, y, 53, image.row(y));
    part.put(0, y, 53, image.row(y));
  }
  const Image reduced = means.take();
  const Image cut = part.take().front();
  for (const NamedFile& file : lossless_files(image)) {
    SCOPED_TRACE(file.name);
    PhotoDecoder decoder{std::span(file.bytes)};
    EXPECT_EQ(decoder.decode(4).image.pixels, reduced.pixels);
    EXPECT_EQ(decoder.regions(std::span(&rect, 1)).front().pixels, cut.pixels);
  }
}

TEST(PluginFormats, AreRefusedAboveTheLimitAndWhereTheyAreCut) {
  const Image image = few_colours(53, 37);
  for (const NamedFile& file : lossless_files(image)) {
    SCOPED_TRACE(file.name);
    EXPECT_THAT(refusal(file.bytes, {53 * 37 - 1}), HasSubstr("--max-pixels"));
    for (const double part : {0.1, 0.4, 0.7}) {
      Bytes cut = file.bytes;
      cut.resize(static_cast<std::size_t>(static_cast<double>(cut.size()) * part));
      EXPECT_THAT(refusal(cut), testing::ContainsRegex("truncated|damaged"));
    }
  }
}

TEST(PluginFormats, TurnTiffByItsTag) {
  const Image image = few_colours(53, 37);
  const Image upright = decode_image(tiff(image, {.orientation = 6}));
  ASSERT_EQ(upright.width, 37);
  EXPECT_TRUE(std::equal(upright.row(0), upright.row(0) + 3, image.row(36)));
}

TEST(PluginFormats, ReadHeic) {
  const DecodedPhoto photo = read_photo(input("x.heic"));
  EXPECT_EQ(photo.format, "HEIC");
  EXPECT_FALSE(photo.image.empty());
  const Bytes bytes = read_photo_bytes(input("x.heic"));
  Bytes cut = bytes;
  cut.resize(cut.size() / 2);
  EXPECT_THAT(refusal(cut), testing::ContainsRegex("truncated|damaged"));
  EXPECT_THAT(refusal(bytes, {100}), HasSubstr("--max-pixels"));
}

TEST(PluginFormats, NameThePackageWhereThePluginIsMissing) {
  // Each plugin is looked for once: in a process of its own.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const Bytes bytes = test::make_gif(few_colours(8, 8));
  EXPECT_EXIT(
      {
        setenv("FACET_GIF_PLUGIN", "/nowhere/libfacet_gif.so", 1);
        const std::string text = refusal(bytes);
        std::exit(text.find("libgif-dev") != std::string::npos ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace facet::detail
