// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "facet/error.hpp"
#include "image/resample.hpp"
#include "localise/blob_model.hpp"
#include "localise/cell_geometry.hpp"
#include "localise/image_halvings.hpp"
#include "localise/lnet.hpp"
#include "localise/pyramid.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

Layer layer(int kernel, int stride, int padding) {
  Layer result;
  result.kernel = kernel;
  result.stride = stride;
  result.padding = padding;
  return result;
}

TEST(CellGeometry, ChainsKernelsStridesAndPaddings) {
  NetworkSpec spec;
  // Centres: pixel 0 → after 5/2 padded 2 still 0; 3/2 padded 1: 0; 2/2: half a cell of 4 pixels.
  spec.layers = {layer(5, 2, 2), layer(3, 2, 1), layer(2, 2, 0), layer(3, 1, 1)};
  const CellGeometry second = cell_geometry(spec, 1);
  EXPECT_EQ(second.stride, 4);
  EXPECT_FLOAT_EQ(second.centre, 0.5F);
  EXPECT_EQ(second.field, 5 + 2 * 2);
  const CellGeometry last = cell_geometry(spec, 3);
  EXPECT_EQ(last.stride, 8);
  EXPECT_FLOAT_EQ(last.centre, 2.5F);
  EXPECT_EQ(last.field, 9 + 4 + 2 * 8);
}

TEST(CellGeometry, RefusesLocallySharedLayers) {
  NetworkSpec spec;
  spec.layers = {layer(3, 1, 0)};
  spec.layers[0].kind = LayerKind::local_tiled;
  EXPECT_THROW(cell_geometry(spec, 0), Error);
}

LocaliserSettings settings() {
  LocaliserSettings result;
  result.face_height = 40;
  result.pyramid_factor = 1.3F;
  return result;
}

TEST(Pyramid, CoversSizesFromTheSmallestFaceToThePhoto) {
  const std::vector<Level> levels = pyramid_levels(300, 200, 50, settings(), 8, false);
  ASSERT_FALSE(levels.empty());
  EXPECT_FLOAT_EQ(levels.front().scale, 0.8F);
  EXPECT_LE(40 / levels.back().scale, 1.15F * 300);
  EXPECT_GT(1.3F * 40 / levels.back().scale, 1.15F * 300);
  for (std::size_t i = 1; i < levels.size(); ++i) {
    EXPECT_NEAR(levels[i - 1].scale / levels[i].scale, 1.3F, 1e-4F);
  }
  for (const Level& level : levels) {
    EXPECT_EQ(level.width % 8, 0);
    EXPECT_EQ(level.height % 8, 0);
    EXPECT_GE(level.width, 24);
    EXPECT_GE(level.height, 24);
    const Box all = level.photo_window(0, 0, level.width, level.height);
    EXPECT_LE(all.x, 0);
    EXPECT_LE(all.y, 0);
    EXPECT_GE(all.x + all.width, 299.9F);
    EXPECT_GE(all.y + all.height, 199.9F);
  }
}

TEST(Pyramid, LargePhotosAreShrunkToTheSmallestFace) {
  const std::vector<Level> levels = pyramid_levels(8000, 6000, 400, settings(), 8, false);
  EXPECT_EQ(levels.front().width, 800);
  EXPECT_EQ(levels.front().height, 600);
}

TEST(Pyramid, TinyPhotosHaveALevelOnlyWhereOneIsWanted) {
  EXPECT_TRUE(pyramid_levels(10, 8, 40, settings(), 8, false).empty());
  const std::vector<Level> levels = pyramid_levels(10, 8, 40, settings(), 8, true);
  ASSERT_EQ(levels.size(), 1U);
  EXPECT_FLOAT_EQ(levels[0].scale, 4);
}

TEST(ImageHalvings, CutsAsResamplingThePhotoWould) {
  Image photo(401, 303);
  for (int y = 0; y < photo.height; ++y) {
    for (int x = 0; x < photo.width; ++x) {
      photo.row(y)[3 * x] = static_cast<std::uint8_t>(x / 2);
      photo.row(y)[3 * x + 1] = static_cast<std::uint8_t>(y / 2);
      photo.row(y)[3 * x + 2] =
          static_cast<std::uint8_t>(128 + 100 * std::sin(0.02 * x) * std::cos(0.03 * y));
    }
  }
  ImageHalvings halvings(photo);
  // Beyond the border a halving repeats averages of the border: a little more may differ there.
  for (const auto& [window, tolerance] :
       {std::pair{Box{0, 0, 401, 303}, 2}, std::pair{Box{30, 20, 330, 250}, 2},
        std::pair{Box{-40, -30, 500, 380}, 4}}) {
    const Image direct = resample(photo, window, 50, 38);
    const Image cut = halvings.cut(window, 50, 38);
    ASSERT_EQ(cut.pixels.size(), direct.pixels.size());
    for (std::size_t i = 0; i < cut.pixels.size(); ++i) {
      ASSERT_NEAR(cut.pixels[i], direct.pixels[i], tolerance) << i;
    }
  }
}

TEST(LNet, TilesGiveTheValuesOfTheWhole) {
  const auto model = testing::blob_model(false);
  LNet network(*parts_of(*model).lnet_o, "tags");
  const CellValue value = CellValue::tag_evidence(network.network(), "tags", 0);
  Image photo = testing::noise_photo(3200, 48, 11);
  for (const float x : {60.0F, 1275.0F, 1290.0F, 2570.0F, 3180.0F}) {
    testing::draw_blob(photo, x, 20, 26);
  }
  Level level;
  level.width = photo.width;
  level.height = photo.height;
  ImageHalvings halvings(photo);
  const ScaleMap tiled = network.run_level(halvings, level, value);
  const CellMap whole = network.run(std::span(&photo, 1), value).front();
  ASSERT_EQ(tiled.width, whole.width);
  ASSERT_EQ(tiled.height, whole.height);
  float largest = 0;
  for (std::size_t i = 0; i < whole.values.size(); ++i) {
    ASSERT_NEAR(tiled.values[i], whole.values[i], 1e-4F) << i;
    largest = std::max(largest, whole.values[i]);
  }
  EXPECT_GT(largest, 0.5F);
}

TEST(LNet, TheMarginIsAddedToEveryLogitBeforeTheSum) {
  const auto model = testing::blob_model(false);
  const Network& lnet = *parts_of(*model).lnet_o;
  Image photo = testing::noise_photo(64, 64, 5);
  testing::draw_blob(photo, 32, 32, 24);
  NetworkRunner runner(lnet);
  runner.set_input(std::span(&photo, 1));
  const FeatureMap logits = runner.run(lnet.layer_index("tags"));
  constexpr float kMargin = 2;  // the model's second tag is -1 where nothing is
  LNet network(lnet, "tags");
  const CellValue value = CellValue::tag_evidence(lnet, "tags", kMargin);
  const CellMap map = network.run(std::span(&photo, 1), value).front();
  bool lifted = false;  // some cell counts that would not without a margin
  for (std::size_t cell = 0; cell < map.values.size(); ++cell) {
    float expected = 0;
    float without = 0;
    for (int c = 0; c < logits.channels; ++c) {
      const float logit = logits.values[cell * static_cast<std::size_t>(logits.channels) +
                                        static_cast<std::size_t>(c)];
      expected += std::max(0.0F, logit + kMargin);
      without += std::max(0.0F, logit);
    }
    ASSERT_NEAR(map.values[cell], expected, 1e-4F) << cell;
    lifted = lifted || (expected > 0 && expected > without);
  }
  EXPECT_TRUE(lifted);
}

TEST(LNet, CellsOutsideThePhotoProveNothing) {
  const auto model = testing::blob_model(false);
  LNet network(*parts_of(*model).lnet_o, "tags");
  const CellValue value = CellValue::tag_evidence(network.network(), "tags", 0);
  Image photo = testing::flat_photo(64, 64, 0);
  testing::draw_blob(photo, 32, 32, 24);
  Level level;
  level.width = 64;
  level.height = 64;
  ImageHalvings halvings(photo);
  EXPECT_GT(network.run_level(halvings, level, value).values[3 * 8 + 3], 0);
  // The same canvas, but its photo would lie far to the right of the blob.
  level.left = 56;
  const ScaleMap map = network.run_level(halvings, level, value);
  for (int x = 0; x < 6; ++x) EXPECT_EQ(map.values[static_cast<std::size_t>(3 * 8 + x)], 0) << x;
}

}  // namespace
}  // namespace facet::detail
