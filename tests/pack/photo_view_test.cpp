// SPDX-License-Identifier: Apache-2.0
#include "pack/photo_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "facet/image.hpp"
#include "image/resample.hpp"
#include "image/turned_square.hpp"
#include "training/small_packs.hpp"

namespace facet::detail {
namespace {

TEST(View, OfTheWholePhotoIsThePhoto) {
  const training::SmallPacks packs;
  packs.add("p", 1, 32, "10");
  const Pack pack = read_pack(packs.folder(), "p", 2, -1, 1);
  std::vector<std::uint8_t> view(32 * 32 * 3);
  render_view(pack.photos[0], {16, 16, 1}, 32, Outside::replicate, view.data());
  const auto& pixels = pack.photos[0].levels[0].pixels;
  EXPECT_TRUE(std::equal(view.begin(), view.end(), pixels.begin()));
}

TEST(View, ShrinksAndTurnsAsBilinearSamplesSay) {
  const training::SmallPacks packs;
  packs.add("p", 1, 32, "10");
  auto pack = read_pack(packs.folder(), "p", 1, -1, 1);
  auto& raster = pack.photos[0].levels[0];
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) {  // two ramps: every bilinear sample is known
      auto* pixel = raster.pixels.data() + (y * 32 + x) * 3;
      pixel[0] = static_cast<std::uint8_t>(8 * x);
      pixel[1] = static_cast<std::uint8_t>(8 * y);
      pixel[2] = 200;
    }
  }
  std::vector<std::uint8_t> view(8 * 8 * 3);
  for (const float scale : {0.7F, 1.0F, 1.5F}) {
    const ViewGeometry geometry{17, 15, scale, 0.3F};
    render_view(pack.photos[0], geometry, 8, Outside::replicate, view.data());
    for (int y = 0; y < 8; ++y) {
      for (int x = 0; x < 8; ++x) {
        const float vx = (static_cast<float>(x) + 0.5F - 4) * scale;
        const float vy = (static_cast<float>(y) + 0.5F - 4) * scale;
        const float px = 17 + std::cos(0.3F) * vx - std::sin(0.3F) * vy;
        const float py = 15 + std::sin(0.3F) * vx + std::cos(0.3F) * vy;
        const auto* pixel = view.data() + (y * 8 + x) * 3;
        EXPECT_NEAR(pixel[0], 8 * (px - 0.5F), 1.1F) << scale;
        EXPECT_NEAR(pixel[1], 8 * (py - 0.5F), 1.1F) << scale;
        EXPECT_EQ(pixel[2], 200);
      }
    }
  }
}

TEST(View, MirrorsAndFillsTheOutsideWithGrey) {
  const training::SmallPacks packs;
  packs.add("p", 1, 32, "10");
  auto pack = read_pack(packs.folder(), "p", 1, -1, 1);
  auto& pixels = pack.photos[0].levels[0].pixels;
  for (int c = 0; c < 3; ++c) pixels[static_cast<std::size_t>(c)] = 255;  // mark the corner
  std::vector<std::uint8_t> view(32 * 32 * 3);
  ViewGeometry geometry{16, 16, 1};
  geometry.mirrored = true;
  render_view(pack.photos[0], geometry, 32, Outside::grey, view.data());
  EXPECT_EQ(view[31 * 3], 255);
  geometry.centre_x = 100;
  render_view(pack.photos[0], geometry, 32, Outside::grey, view.data());
  EXPECT_NEAR(view[0], 128, 1);
}

PackedPhoto packed(const Image& image) {
  Raster raster;
  raster.width = image.width;
  raster.height = image.height;
  raster.pixels.assign(image.pixels.begin(), image.pixels.end());
  raster.pixels.push_back(0);
  PackedPhoto photo;
  photo.levels = with_halvings(std::move(raster), 4);
  return photo;
}

Image without_last(const Image& image, int rows_and_columns) {
  const int width = image.width - rows_and_columns;
  const int height = image.height - rows_and_columns;
  return resample(image, {0, 0, static_cast<float>(width), static_cast<float>(height)}, width,
                  height);
}

struct Difference {
  double mean = 0;  // of the pixels' absolute differences, of 255
  double bias = 0;  // of their differences
};

// Views of a face's size all over a photo, as training cuts them and as inference does.
Difference compare(const Image& image, float smallest_scale, float largest_scale, float rotation) {
  const PackedPhoto photo = packed(image);
  constexpr int kSide = 64;
  constexpr int kViews = 60;
  std::mt19937 random(7);
  const auto between = [&random](float low, float high) {
    return std::uniform_real_distribution<float>(low, high)(random);
  };
  std::vector<std::uint8_t> view(std::size_t{kSide} * kSide * 3);
  Difference difference;
  for (int i = 0; i < kViews; ++i) {
    ViewGeometry geometry;
    geometry.scale = std::exp(between(std::log(smallest_scale), std::log(largest_scale)));
    geometry.centre_x = between(0, static_cast<float>(image.width));
    geometry.centre_y = between(0, static_cast<float>(image.height));
    geometry.rotation = between(-rotation, rotation);
    geometry.mirrored = i % 2 == 1;
    render_view(photo, geometry, kSide, Outside::replicate, view.data());
    Image cut = cut_square(image,
                           {geometry.centre_x, geometry.centre_y,
                            geometry.scale * static_cast<float>(kSide), geometry.rotation},
                           kSide);
    if (geometry.mirrored) cut = mirror(cut);
    for (std::size_t k = 0; k < view.size(); ++k) {
      const double one = static_cast<double>(view[k]) - static_cast<double>(cut.pixels[k]);
      difference.bias += one;
      difference.mean += std::abs(one);
    }
  }
  const double values = static_cast<double>(view.size()) * kViews;
  return {difference.mean / values, difference.bias / values};
}

// Networks are trained on the one and used on the other. What is left is sharpness: the halvings
// blur a little where a view shrinks. A view shifted by a tenth of its pixels would differ by more.
TEST(View, DiffersLittleFromWhatInferenceCuts) {
  struct Bound {
    float smallest_scale;
    float largest_scale;
    double mean;
  };
  for (const char* name : {"astronaut.png", "solvay_1927.jpg"}) {
    const Image whole = read_image(std::filesystem::path(FACET_SOURCE_DIR) / "samples" / name);
    for (const int dropped : {0, 3}) {  // halvings of odd sizes drop a column
      const Image image = dropped > 0 ? without_last(whole, dropped) : whole;
      for (const float rotation : {0.0F, 0.6F}) {
        for (const Bound& bound :
             {Bound{0.4F, 1, 0.5}, Bound{1, 2, 1}, Bound{2, 4, 2.5}, Bound{4, 8, 5}}) {
          const Difference difference =
              compare(image, bound.smallest_scale, bound.largest_scale, rotation);
          EXPECT_LT(difference.mean, bound.mean)
              << name << " without " << dropped << ", turned by up to " << rotation
              << ", scale from " << bound.smallest_scale;
          EXPECT_LT(std::abs(difference.bias), 1.2) << name;
        }
      }
    }
  }
}

}  // namespace
}  // namespace facet::detail
