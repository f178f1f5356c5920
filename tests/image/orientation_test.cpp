// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <png.h>

#include "image/exif_orientation.hpp"
#include "image/photo_files.hpp"

namespace facet::detail {
namespace {

using test::Bytes;

enum class Side { top, bottom, left, right };

// EXIF 2.3, 4.6.4: which side of the scene the stored photo's row 0 and column 0 are.
struct Meaning {
  Side row_0;
  Side column_0;
};
constexpr Meaning meanings[9] = {{},
                                 {Side::top, Side::left},
                                 {Side::top, Side::right},
                                 {Side::bottom, Side::right},
                                 {Side::bottom, Side::left},
                                 {Side::left, Side::top},
                                 {Side::right, Side::top},
                                 {Side::right, Side::bottom},
                                 {Side::left, Side::bottom}};

// The photo as a camera would store the scene with this orientation.
Image store(const Image& scene, int orientation) {
  const Meaning meaning = meanings[orientation];
  const bool turned = orientation >= 5;
  Image stored(turned ? scene.height : scene.width, turned ? scene.width : scene.height);
  for (int row = 0; row < stored.height; ++row) {
    for (int column = 0; column < stored.width; ++column) {
      int x = 0;
      int y = 0;
      const auto place = [&](Side side, int distance) {
        if (side == Side::top) y = distance;
        if (side == Side::bottom) y = scene.height - 1 - distance;
        if (side == Side::left) x = distance;
        if (side == Side::right) x = scene.width - 1 - distance;
      };
      place(meaning.row_0, row);
      place(meaning.column_0, column);
      std::copy_n(scene.row(y) + x * 3, 3, stored.row(row) + column * 3);
    }
  }
  return stored;
}

Bytes png_of(const Image& image, const Bytes& exif) {
  return test::make_png(image.width, image.height, 8, PNG_COLOR_TYPE_RGB, image.pixels,
                        [&](png_structp png, png_infop info) {
                          Bytes copy = exif;
                          png_set_eXIf_1(png, info, static_cast<png_uint_32>(copy.size()),
                                         reinterpret_cast<png_bytep>(copy.data()));
                        });
}

Bytes webp_of(const Image& image, const Bytes& exif) {
  std::vector<std::uint8_t> rgba;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    rgba.insert(rgba.end(), image.pixels.data() + i, image.pixels.data() + i + 3);
    rgba.push_back(255);
  }
  return test::webp_with_exif(test::make_lossless_webp(image.width, image.height, rgba),
                              image.width, image.height, exif);
}

TEST(Orientation, AppliesAllEightToJpeg) {
  const Image scene = test::blocks(2, 3);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Image stored = store(scene, orientation);
    for (const bool big_endian : {false, true}) {
      SCOPED_TRACE(orientation);
      test::JpegForm form;
      form.exif = test::exif_with_header(test::exif_block(orientation, big_endian));
      const Bytes bytes = test::make_jpeg(stored.width, stored.height, stored.pixels, form);
      EXPECT_LE(test::largest_difference(decode_image(bytes), scene), 6);
    }
  }
}

TEST(Orientation, AppliesAllEightToPng) {
  const Image scene = test::blocks(3, 2);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    SCOPED_TRACE(orientation);
    const Bytes bytes = png_of(store(scene, orientation), test::exif_block(orientation, true));
    EXPECT_EQ(test::largest_difference(decode_image(bytes), scene), 0);
  }
}

TEST(Orientation, AppliesAllEightToWebp) {
  const Image scene = test::blocks(3, 2);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    SCOPED_TRACE(orientation);
    const Image stored = store(scene, orientation);
    const Bytes block = test::exif_block(orientation, false);
    EXPECT_EQ(test::largest_difference(decode_image(webp_of(stored, block)), scene), 0);
    // Some writers keep JPEG's header.
    EXPECT_EQ(test::largest_difference(decode_image(webp_of(stored, test::exif_with_header(block))),
                                       scene),
              0);
  }
}

TEST(Orientation, TurnsPhotosOfManyTiles) {
  const Image scene = test::gradient(150, 131);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    SCOPED_TRACE(orientation);
    const Image upright = make_upright(store(scene, orientation), orientation);
    EXPECT_EQ(test::largest_difference(upright, scene), 0);
  }
}

TEST(Orientation, IgnoresDamagedExif) {
  const Bytes good = test::exif_block(6, false);
  EXPECT_EQ(exif_orientation(good), 6);
  EXPECT_EQ(exif_orientation({}), 1);
  EXPECT_EQ(exif_orientation(test::exif_block(0, false)), 1);
  EXPECT_EQ(exif_orientation(test::exif_block(9, true)), 1);
  EXPECT_EQ(exif_orientation(test::bytes_of("no EXIF at all, just some text")), 1);
  for (std::size_t size = 0; size < good.size(); ++size) {
    const int orientation = exif_orientation(std::span(good).first(size));
    EXPECT_TRUE(orientation == 1 || orientation == 6) << size;
  }
}

}  // namespace
}  // namespace facet::detail
