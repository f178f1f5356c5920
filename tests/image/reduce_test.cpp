// SPDX-License-Identifier: Apache-2.0
// Photos decoded smaller, or in parts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "facet/error.hpp"
#include "image/every_format.hpp"
#include "image/photo_decoder.hpp"

namespace facet::detail {
namespace {

using test::Bytes;

DecodedPhoto decode_reduced(const Bytes& bytes, int reduce) {
  DecodeOptions options;
  options.reduce = reduce;
  return decode_photo(bytes, options);
}

// The mean of a square of the photo, as far as it is inside.
int mean_at(const Image& photo, int left, int top, int side, int channel) {
  int sum = 0;
  int count = 0;
  for (int y = std::max(top, 0); y < std::min(top + side, photo.height); ++y) {
    for (int x = std::max(left, 0); x < std::min(left + side, photo.width); ++x) {
      sum += photo.row(y)[x * 3 + channel];
      ++count;
    }
  }
  return (sum + count / 2) / count;
}

// The largest difference between a reduced photo and the means of the whole one.
int difference_from_means(const DecodedPhoto& reduced, const Image& whole) {
  int largest = 0;
  for (int y = 0; y < reduced.image.height; ++y) {
    for (int x = 0; x < reduced.image.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        const int mean = mean_at(whole, x * reduced.reduce + reduced.offset_x,
                                 y * reduced.reduce + reduced.offset_y, reduced.reduce, c);
        largest = std::max(largest, std::abs(mean - reduced.image.row(y)[x * 3 + c]));
      }
    }
  }
  return largest;
}

Image part_of(const Image& photo, const PixelRect& rect) {
  RegionSink sink(std::span(&rect, 1));
  for (int y = 0; y < photo.height; ++y) sink.put(0, y, photo.width, photo.row(y));
  return sink.take().front();
}

struct NamedForm {
  const char* name;
  test::JpegForm form;
};

std::vector<NamedForm> every_jpeg_form() {
  std::vector<NamedForm> forms(8);
  forms[0].name = "4:4:4";
  forms[1] = {"4:2:0", {}};
  forms[1].form.columns_a_colour = forms[1].form.rows_a_colour = 2;
  forms[2] = {"4:2:2", {}};
  forms[2].form.columns_a_colour = 2;
  forms[3] = {"progressive 4:2:0", forms[1].form};
  forms[3].form.progressive = true;
  forms[4] = {"grey", {}};
  forms[4].form.colour = test::JpegColour::grey;
  forms[5] = {"CMYK", {}};
  forms[5].form.colour = test::JpegColour::cmyk;
  forms[6] = {"CMYK as it is", forms[5].form};
  forms[6].form.adobe_marker = false;
  forms[7] = {"4:2:0 a scan a channel", forms[1].form};
  forms[7].form.scan_a_channel = true;
  return forms;
}

Bytes noisy_jpeg(const test::JpegForm& form, int width, int height) {
  const int samples = form.colour == test::JpegColour::grey   ? 1
                      : form.colour == test::JpegColour::cmyk ? 4
                                                              : 3;
  const Image noise = test::noise(width, height * 2);
  return test::make_jpeg(
      width, height,
      std::span(noise.pixels)
          .first(static_cast<std::size_t>(width * height) * static_cast<std::size_t>(samples)),
      form);
}

TEST(Reduce, GivesTheMeansOfSquares) {
  for (const auto& [width, height] : {std::pair(64, 48), std::pair(61, 51)}) {
    const Image image = test::gradient(width, height);
    for (const test::NamedFile& file : test::every_format(image)) {
      const Image whole = decode_image(file.bytes);
      for (const int reduce : {1, 2, 4, 8}) {
        SCOPED_TRACE(file.name + " by " + std::to_string(reduce));
        const DecodedPhoto photo = decode_reduced(file.bytes, reduce);
        EXPECT_EQ(photo.reduce, reduce);
        EXPECT_EQ(photo.full_width, width);
        EXPECT_EQ(photo.full_height, height);
        EXPECT_EQ(photo.image.width, (width + reduce - 1) / reduce);
        EXPECT_EQ(photo.image.height, (height + reduce - 1) / reduce);
        const bool exact = !file.name.ends_with("JPEG");
        // Squares that an edge cuts are guessed by libjpeg.
        EXPECT_LE(difference_from_means(photo, whole), exact ? 0 : width == 64 ? 6 : 24);
      }
    }
  }
}

TEST(Reduce, GivesTheMeansOfAWebpTooLargeToBeKept) {
  const Image image = test::gradient(4101, 3999);
  const DecodedPhoto photo = decode_reduced(test::make_lossy_webp(image), 8);
  EXPECT_EQ(photo.image.width, 513);
  EXPECT_EQ(photo.image.height, 500);
  EXPECT_LE(difference_from_means(photo, image), 10);
}

TEST(Reduce, RefusesOtherScales) {
  const Bytes bytes = test::make_jpeg(16, 16, test::gradient(16, 16).pixels);
  for (const int reduce : {-1, 0, 3, 16}) {
    try {
      decode_reduced(bytes, reduce);
      ADD_FAILURE() << reduce;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    }
  }
}

TEST(Reduce, KnowsWhereTurnedPhotosBegin) {
  const Image stored = test::noise(29, 19);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    SCOPED_TRACE(orientation);
    const Bytes exif = test::exif_block(orientation, true);
    const Bytes bytes = test::make_png(
        29, 19, 8, PNG_COLOR_TYPE_RGB, stored.pixels, [&](png_structp png, png_infop info) {
          Bytes copy = exif;
          png_set_eXIf_1(png, info, static_cast<png_uint_32>(copy.size()),
                         reinterpret_cast<png_bytep>(copy.data()));
        });
    const Image whole = decode_image(bytes);
    EXPECT_EQ(photo_facts(bytes).width, whole.width);
    EXPECT_EQ(photo_facts(bytes).height, whole.height);
    for (const int reduce : {2, 4, 8}) {
      const DecodedPhoto photo = decode_reduced(bytes, reduce);
      EXPECT_EQ(difference_from_means(photo, whole), 0);
      // Both ends of the photo, and no more than it.
      const Box all{0, 0, static_cast<float>(photo.image.width),
                    static_cast<float>(photo.image.height)};
      EXPECT_EQ(photo.in_full_photo(all),
                (Box{0, 0, static_cast<float>(whole.width), static_cast<float>(whole.height)}));
    }
    PhotoDecoder decoder{std::span(bytes)};
    const PixelRect rect{3, 2, 11, 9};
    EXPECT_EQ(decoder.regions(std::span(&rect, 1)).front().pixels, part_of(whole, rect).pixels);
  }
}

TEST(Regions, AreThoseOfTheWholePhoto) {
  const Image image = test::noise(203, 151);
  std::vector<test::NamedFile> files = test::every_format(image);
  for (const NamedForm& form : every_jpeg_form()) {
    files.push_back({std::string("JPEG ") + form.name, noisy_jpeg(form.form, 203, 151)});
  }
  const std::vector<PixelRect> rects = {{0, 0, 20, 10},     {90, 70, 33, 21},  {40, 100, 25, 51},
                                        {193, 141, 10, 10}, {100, 72, 60, 70}, {0, 0, 203, 151}};
  for (const test::NamedFile& file : files) {
    const Image whole = decode_image(file.bytes);
    for (const int first : {0, 1, 3, 5}) {  // all, without those at the top, the last ones
      const std::span<const PixelRect> asked = std::span(rects).subspan(
          static_cast<std::size_t>(first), first == 0 ? rects.size() : std::size_t{1});
      for (const Detail detail : {Detail::dropped, Detail::kept}) {
        SCOPED_TRACE(file.name + (detail == Detail::kept ? " kept" : " read again") + " from " +
                     std::to_string(first));
        PhotoDecoder decoder{std::span(file.bytes)};
        const int reduce = first == 1 ? 8 : 2;
        EXPECT_EQ(decoder.decode(reduce, detail).image.pixels,
                  decode_reduced(file.bytes, reduce).image.pixels);
        const std::vector<Image> regions = decoder.regions(asked);
        ASSERT_EQ(regions.size(), asked.size());
        for (std::size_t i = 0; i < regions.size(); ++i) {
          EXPECT_EQ(regions[i].width, asked[i].width);
          EXPECT_EQ(test::largest_difference(regions[i], part_of(whole, asked[i])), 0) << i;
        }
      }
    }
  }
}

TEST(Regions, OutsideThePhotoAreEmpty) {
  const Bytes bytes = test::make_jpeg(32, 24, test::noise(32, 24).pixels);
  PhotoDecoder decoder{std::span(bytes)};
  const std::vector<PixelRect> rects = {
      {-10, -10, 5, 5}, {32, 0, 4, 4}, {-4, -4, 12, 12}, {28, 20, 100, 100}, {5, 5, 0, 9}};
  const std::vector<Image> regions = decoder.regions(rects);
  ASSERT_EQ(regions.size(), rects.size());
  EXPECT_TRUE(regions[0].empty());
  EXPECT_TRUE(regions[1].empty());
  EXPECT_EQ(regions[2].width, 8);
  EXPECT_EQ(regions[3].width, 4);
  EXPECT_EQ(regions[3].height, 4);
  EXPECT_TRUE(regions[4].empty());
}

TEST(Facts, ComeFromTheHeaderAlone) {
  const Bytes header = test::png_header(100'000, 90'000);
  const PhotoFacts facts = photo_facts(header);
  EXPECT_EQ(facts.format, "PNG");
  EXPECT_EQ(facts.width, 100'000);
  EXPECT_EQ(facts.height, 90'000);
  for (const test::NamedFile& file : test::every_format(test::gradient(40, 30))) {
    EXPECT_EQ(photo_facts(file.bytes).width, 40) << file.name;
    EXPECT_EQ(photo_facts(file.bytes).height, 30) << file.name;
  }
}

// Most memory that this process has had since the last call, in MiB.
double peak_memory() {
  std::ifstream status("/proc/self/status");
  double kilobytes = 0;
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") status >> kilobytes;
  }
  std::ofstream("/proc/self/clear_refs") << "5";
  return kilobytes / 1024;
}

TEST(Reduce, TakesLittleMemory) {
  const std::filesystem::path file =
      std::filesystem::path(FACET_SOURCE_DIR) / "tests/image/inputs/p108.png";
  const std::vector<std::byte> png = read_photo_bytes(file);
  const Image image = test::gradient(6000, 4000);
  const Bytes jpeg = test::make_jpeg(6000, 4000, image.pixels);
  peak_memory();
  const double before = peak_memory();
  EXPECT_EQ(decode_reduced(png, 8).image.width, 1500);
  EXPECT_LT(peak_memory() - before, 25);  // 310 at full size
  EXPECT_EQ(decode_reduced(jpeg, 8).image.width, 750);
  EXPECT_LT(peak_memory() - before, 25);  // 69 at full size
}

}  // namespace
}  // namespace facet::detail
