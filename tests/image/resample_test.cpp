// SPDX-License-Identifier: Apache-2.0
#include "image/resample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "facet/error.hpp"
#include "image/photo_files.hpp"

namespace facet::detail {
namespace {

Image noise(int width, int height, unsigned seed) {
  Image image(width, height);
  std::mt19937 random(seed);
  for (std::uint8_t& value : image.pixels) value = static_cast<std::uint8_t>(random() & 255U);
  return image;
}

double pixel_at(const Image& photo, int x, int y, int channel) {
  return photo.row(
      std::clamp(y, 0, photo.height - 1))[std::clamp(x, 0, photo.width - 1) * 3 + channel];
}

// One axis of one output pixel, in the plainest words: positions and their weights.
struct Sample {
  int position;
  double weight;
};

std::vector<Sample> samples_of(double origin, double extent, int size, int index) {
  const double scale = extent / size;
  std::vector<Sample> samples;
  if (scale > 1) {  // area
    const double low = origin + index * scale;
    const double high = origin + (index + 1) * scale;
    for (int p = static_cast<int>(std::floor(low)); p < high; ++p) {
      const double covered = std::min(high, p + 1.0) - std::max(low, static_cast<double>(p));
      samples.push_back({p, covered / scale});
    }
  } else {  // bilinear
    const double centre = origin + (index + 0.5) * scale - 0.5;
    const int p = static_cast<int>(std::floor(centre));
    samples.push_back({p, 1 - (centre - p)});
    samples.push_back({p + 1, centre - p});
  }
  return samples;
}

// How far the result is from the exact value, beyond rounding.
double worst_error(const Image& photo, const Box& window, int width, int height) {
  const Image result = resample(photo, window, width, height);
  EXPECT_EQ(result.width, width);
  EXPECT_EQ(result.height, height);
  double worst = 0;
  for (int y = 0; y < height; ++y) {
    const auto rows = samples_of(window.y, window.height, height, y);
    for (int x = 0; x < width; ++x) {
      const auto columns = samples_of(window.x, window.width, width, x);
      for (int c = 0; c < 3; ++c) {
        double exact = 0;
        for (const Sample& row : rows) {
          for (const Sample& column : columns) {
            exact += row.weight * column.weight * pixel_at(photo, column.position, row.position, c);
          }
        }
        worst = std::max(worst, std::abs(result.row(y)[x * 3 + c] - exact));
      }
    }
  }
  return worst - 0.5;
}

TEST(Resample, AgreesWithTheDefinition) {
  const Image photo = noise(97, 83, 1);
  const struct {
    Box window;
    int width;
    int height;
  } cases[] = {
      {{0, 0, 97, 83}, 31, 29},                // shrink
      {{0, 0, 97, 83}, 5, 3},                  // shrink much
      {{0, 0, 97, 83}, 1, 1},                  // the mean
      {{0, 0, 97, 83}, 96, 82},                // shrink a little
      {{0, 0, 97, 83}, 150, 201},              // enlarge
      {{0, 0, 97, 83}, 40, 160},               // shrink one axis, enlarge the other
      {{0, 0, 97, 83}, 160, 40},               //
      {{10.3F, 7.7F, 50.25F, 44.9F}, 20, 21},  // fractions
      {{10.3F, 7.7F, 20.25F, 14.9F}, 60, 61},  //
      {{10.5F, 7.25F, 30, 30}, 30, 30},        // a shift by a fraction
      {{-20.4F, -11.2F, 60, 60}, 33, 35},      // over the top left corner
      {{60.1F, 50.3F, 70.7F, 66.6F}, 37, 31},  // over the bottom right corner
      {{-15, -15, 130, 120}, 300, 290},        // around the photo, enlarged
      {{-15, -15, 130, 120}, 30, 29},          // and shrunk
      {{40.2F, 40.2F, 0.01F, 0.01F}, 9, 9},    // inside one pixel
      {{90, 20, 4, 60}, 8, 11},                // narrow
  };
  for (const auto& c : cases) {
    EXPECT_LT(worst_error(photo, c.window, c.width, c.height), 1e-3)
        << c.window.x << "," << c.window.y << " " << c.window.width << "×" << c.window.height
        << " to " << c.width << "×" << c.height;
  }
}

TEST(Resample, AgreesWithTheDefinitionOnRandomWindows) {
  std::mt19937 random(11);
  const auto uniform = [&](double low, double high) {
    return static_cast<float>(std::uniform_real_distribution<double>(low, high)(random));
  };
  for (int round = 0; round < 60; ++round) {
    const int w = 2 + static_cast<int>(random() % 60);
    const int h = 2 + static_cast<int>(random() % 60);
    const Image photo = noise(w, h, 100 + static_cast<unsigned>(round));
    const Box window = {uniform(-30, w), uniform(-30, h), uniform(0.5, 90), uniform(0.5, 90)};
    EXPECT_LT(worst_error(photo, window, 1 + static_cast<int>(random() % 50),
                          1 + static_cast<int>(random() % 50)),
              1e-3)
        << round;
  }
}

TEST(Resample, IdentityIsExact) {
  const Image photo = noise(61, 47, 2);
  EXPECT_EQ(resize(photo, 61, 47).pixels, photo.pixels);
}

TEST(Resample, CutsWholePixelsExactly) {
  const Image photo = noise(61, 47, 3);
  const Image part = resample(photo, {13, 9, 20, 30}, 20, 30);
  for (int y = 0; y < 30; ++y) {
    for (int x = 0; x < 60; ++x) EXPECT_EQ(part.row(y)[x], photo.row(y + 9)[x + 13 * 3]);
  }
}

TEST(Resample, AveragesWholeBlocksExactly) {
  Image photo(4, 4);
  for (int i = 0; i < 16; ++i)
    photo.pixels[static_cast<std::size_t>(i) * 3] = static_cast<std::uint8_t>(i * 10);
  const Image half = resize(photo, 2, 2);
  EXPECT_EQ(half.row(0)[0], 25);   // of 0, 10, 40, 50
  EXPECT_EQ(half.row(1)[3], 125);  // of 100, 110, 140, 150
  EXPECT_EQ(half.row(0)[1], 0);
}

TEST(Resample, KeepsFlatPhotosFlat) {
  for (const int value : {0, 1, 77, 254, 255}) {
    Image photo(50, 40);
    std::fill(photo.pixels.begin(), photo.pixels.end(), static_cast<std::uint8_t>(value));
    for (const Box& window :
         {Box{0, 0, 50, 40}, Box{-7.3F, 3.1F, 33.3F, 60.7F}, Box{20.2F, 20.4F, 3.3F, 2.9F}}) {
      for (const int side : {1, 7, 64}) {
        const Image result = resample(photo, window, side, side);
        EXPECT_TRUE(std::all_of(result.pixels.begin(), result.pixels.end(),
                                [&](std::uint8_t v) { return v == value; }));
      }
    }
  }
}

TEST(Resample, RepeatsTheNearestBorderFarOutside) {
  const Image photo = noise(20, 10, 4);
  const Image left = resample(photo, {-1e9F, 0, 100, 10}, 3, 10);
  for (int y = 0; y < 10; ++y) {
    for (int x = 0; x < 9; ++x) EXPECT_EQ(left.row(y)[x], photo.row(y)[x % 3]);
  }
  const Image corner = resample(photo, {1e30F, 1e30F, 1, 1}, 4, 4);
  for (int i = 0; i < 48; ++i) {
    EXPECT_EQ(corner.pixels[static_cast<std::size_t>(i)], photo.row(9)[19 * 3 + i % 3]);
  }
}

TEST(Resample, CommutesWithMirroring) {
  const Image photo = noise(64, 40, 5);
  const Image a = mirror(resample(photo, {8.25F, 3.5F, 30.5F, 30}, 21, 44));
  const Image b = resample(mirror(photo), {64 - 8.25F - 30.5F, 3.5F, 30.5F, 30}, 21, 44);
  EXPECT_LE(test::largest_difference(a, b), 1);
}

TEST(Mirror, ExchangesLeftAndRight) {
  const Image photo = noise(7, 3, 6);
  const Image mirrored = mirror(photo);
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 7; ++x) {
      for (int c = 0; c < 3; ++c)
        EXPECT_EQ(mirrored.row(y)[x * 3 + c], photo.row(y)[(6 - x) * 3 + c]);
    }
  }
  EXPECT_EQ(mirror(mirrored).pixels, photo.pixels);
}

TEST(Resample, RefusesWhatHasNoAnswer) {
  const Image photo = noise(10, 10, 7);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_THROW(resample(Image(), {0, 0, 1, 1}, 4, 4), Error);
  EXPECT_THROW(resample(photo, {0, 0, 5, 5}, 0, 4), Error);
  EXPECT_THROW(resample(photo, {0, 0, 5, 5}, 4, -1), Error);
  EXPECT_THROW(resample(photo, {0, 0, 0, 5}, 4, 4), Error);
  EXPECT_THROW(resample(photo, {0, 0, 5, -5}, 4, 4), Error);
  EXPECT_THROW(resample(photo, {nan, 0, 5, 5}, 4, 4), Error);
  EXPECT_THROW(resample(photo, {0, 0, infinity, 5}, 4, 4), Error);
}

}  // namespace
}  // namespace facet::detail
