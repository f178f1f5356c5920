// SPDX-License-Identifier: Apache-2.0
// The formats that plugins read, and BMP.
#include <gif_lib.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <jxl/encode.h>
#include <libheif/heif.h>
#include <tiffio.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>

#include "facet/error.hpp"
#include "facet/photo.hpp"
#include "image/photo_decoder.hpp"
#include "image/photo_files.hpp"
#include "image/photo_plugins.hpp"

namespace facet::detail {
namespace {

using test::Bytes;
using testing::HasSubstr;

std::filesystem::path input(const char* name) {
  return std::filesystem::path(FACET_SOURCE_DIR) / "tests/image/inputs" / name;
}

// Lets `write` write a file, and reads it.
Bytes written(const std::function<void(const std::string&)>& write) {
  const std::string file =
      std::filesystem::temp_directory_path() / ("facet-plugin-" + std::to_string(getpid()));
  write(file);
  std::ifstream stream(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(stream)),
                         std::istreambuf_iterator<char>());
  std::filesystem::remove(file);
  return test::bytes_of(text);
}

Bytes make_bmp(const Image& image) {
  const std::size_t stride = (static_cast<std::size_t>(image.width) * 3 + 3) / 4 * 4;
  std::string text = "BM";
  const auto number = [&](std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) text += static_cast<char>(value >> (8 * i) & 255U);
  };
  number(static_cast<std::uint32_t>(54 + stride * static_cast<std::size_t>(image.height)), 4);
  number(0, 4);
  number(54, 4);
  number(40, 4);
  number(static_cast<std::uint32_t>(image.width), 4);
  number(static_cast<std::uint32_t>(image.height), 4);
  number(1, 2);
  number(24, 2);
  for (int i = 0; i < 6; ++i) number(0, 4);
  for (int y = image.height - 1; y >= 0; --y) {
    std::string row;
    for (int x = 0; x < image.width; ++x) {
      for (int c = 2; c >= 0; --c) row += static_cast<char>(image.row(y)[x * 3 + c]);
    }
    row.resize(stride);
    text += row;
  }
  return test::bytes_of(text);
}

Bytes make_tiff(const Image& image, int compression, bool tiled, int orientation = 1) {
  return written([&](const std::string& file) {
    TIFF* tiff = TIFFOpen(file.c_str(), "w");
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, image.width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, image.height);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, orientation);
    if (tiled) {
      TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 16);
      TIFFSetField(tiff, TIFFTAG_TILELENGTH, 16);
      for (int top = 0; top < image.height; top += 16) {
        for (int left = 0; left < image.width; left += 16) {
          std::vector<std::uint8_t> tile(16 * 16 * 3);
          for (int y = top; y < std::min(top + 16, image.height); ++y) {
            const int columns = std::min(16, image.width - left);
            std::copy_n(image.row(y) + left * 3, columns * 3, tile.data() + (y - top) * 48);
          }
          TIFFWriteTile(tiff, tile.data(), static_cast<std::uint32_t>(left),
                        static_cast<std::uint32_t>(top), 0, 0);
        }
      }
    } else {
      TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 8);
      for (int y = 0; y < image.height; ++y) {
        std::vector<std::uint8_t> row(image.row(y), image.row(y) + image.width * 3);
        TIFFWriteScanline(tiff, row.data(), static_cast<std::uint32_t>(y), 0);
      }
    }
    TIFFClose(tiff);
  });
}

// A photo of at most 64 colours.
Image few_colours(int width, int height) {
  Image image = test::noise(width, height);
  for (std::uint8_t& value : image.pixels) value = static_cast<std::uint8_t>(value / 64 * 80);
  return image;
}

Bytes make_gif(const Image& image, bool interlaced) {
  return written([&](const std::string& file) {
    int error = 0;
    GifFileType* gif = EGifOpenFileName(file.c_str(), false, &error);
    ColorMapObject* colours = GifMakeMapObject(64, nullptr);
    for (int i = 0; i < 64; ++i) {
      colours->Colors[i] = {static_cast<GifByteType>(i / 16 * 80),
                            static_cast<GifByteType>(i / 4 % 4 * 80),
                            static_cast<GifByteType>(i % 4 * 80)};
    }
    EGifPutScreenDesc(gif, image.width, image.height, 8, 0, colours);
    EGifPutImageDesc(gif, 0, 0, image.width, image.height, interlaced, nullptr);
    const auto put = [&](int y) {
      std::vector<GifPixelType> row;
      for (int x = 0; x < image.width; ++x) {
        const std::uint8_t* rgb = image.row(y) + x * 3;
        row.push_back(static_cast<GifPixelType>(rgb[0] / 80 * 16 + rgb[1] / 80 * 4 + rgb[2] / 80));
      }
      EGifPutLine(gif, row.data(), image.width);
    };
    if (interlaced) {
      for (int y = 0; y < image.height; y += 8) put(y);
      for (int y = 4; y < image.height; y += 8) put(y);
      for (int y = 2; y < image.height; y += 4) put(y);
      for (int y = 1; y < image.height; y += 2) put(y);
    } else {
      for (int y = 0; y < image.height; ++y) put(y);
    }
    EGifCloseFile(gif, &error);
    GifFreeMapObject(colours);
  });
}

Bytes make_jxl(const Image& image) {
  JxlEncoder* encoder = JxlEncoderCreate(nullptr);
  JxlBasicInfo info;
  JxlEncoderInitBasicInfo(&info);
  info.xsize = static_cast<std::uint32_t>(image.width);
  info.ysize = static_cast<std::uint32_t>(image.height);
  info.bits_per_sample = 8;
  info.uses_original_profile = JXL_TRUE;
  JxlEncoderSetBasicInfo(encoder, &info);
  JxlColorEncoding colours{};
  JxlColorEncodingSetToSRGB(&colours, JXL_FALSE);
  JxlEncoderSetColorEncoding(encoder, &colours);
  JxlEncoderFrameSettings* settings = JxlEncoderFrameSettingsCreate(encoder, nullptr);
  JxlEncoderSetFrameLossless(settings, JXL_TRUE);
  const JxlPixelFormat format{3, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
  JxlEncoderAddImageFrame(settings, &format, image.pixels.data(), image.pixels.size());
  JxlEncoderCloseInput(encoder);
  std::vector<std::uint8_t> out(image.pixels.size() * 2 + 10'000);
  std::uint8_t* next = out.data();
  std::size_t left = out.size();
  EXPECT_EQ(JxlEncoderProcessOutput(encoder, &next, &left), JXL_ENC_SUCCESS);
  JxlEncoderDestroy(encoder);
  const auto bytes = std::as_bytes(std::span(out).first(out.size() - left));
  return {bytes.begin(), bytes.end()};
}

struct NamedFile {
  std::string name;
  Bytes bytes;
};

std::vector<NamedFile> lossless_files(const Image& image) {
  return {{"BMP", make_bmp(image)},
          {"TIFF", make_tiff(image, COMPRESSION_NONE, false)},
          {"TIFF LZW", make_tiff(image, COMPRESSION_LZW, false)},
          {"TIFF tiles", make_tiff(image, COMPRESSION_ADOBE_DEFLATE, true)},
          {"GIF", make_gif(image, false)},
          {"GIF interlaced", make_gif(image, true)},
          {"JPEG XL", make_jxl(image)}};
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
  const Image upright = decode_image(make_tiff(image, COMPRESSION_NONE, false, 6));
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
  const Bytes bytes = make_gif(few_colours(8, 8), false);
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
