// SPDX-License-Identifier: Apache-2.0
#include "localise/merge_scales.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace facet::detail {
namespace {

ScaleMap one_hot(float scale, int height, int width, int hot_y, int hot_x, float value) {
  ScaleMap map;
  map.scale = scale;
  map.height = height;
  map.width = width;
  map.values.assign(static_cast<std::size_t>(height) * width, 0.0F);
  map.values[static_cast<std::size_t>(hot_y) * width + hot_x] = value;
  return map;
}

float value_at(const HeatMap& map, int x, int y) {
  return map.values[static_cast<std::size_t>(y) * map.width + x];
}

TEST(MergeScales, PutsCellsWhereThePhotoHasThem) {
  // Cells of 8 network pixels: 8 photo pixels at scale 1, 16 at scale ½.
  const std::vector<ScaleMap> scales = {one_hot(1, 10, 20, 2, 3, 5), one_hot(0.5F, 5, 10, 4, 8, 7)};
  const HeatMap map = merge_scales(scales, 8, 160, 80);
  ASSERT_EQ(map.width, 160);
  ASSERT_EQ(map.height, 80);
  EXPECT_NEAR(value_at(map, 28, 20), 5, 0.7) << "centre of cell (3, 2)";
  EXPECT_NEAR(value_at(map, 136, 72), 7, 0.7) << "centre of cell (8, 4) of the smaller scale";
  EXPECT_EQ(value_at(map, 80, 40), 0);
  EXPECT_NEAR(*std::max_element(map.values.begin(), map.values.end()), 7, 0.7);
}

TEST(MergeScales, TakesTheStrongestScale) {
  const std::vector<ScaleMap> scales = {one_hot(1, 10, 20, 5, 10, 2), one_hot(1, 10, 20, 5, 10, 9)};
  // A sixteenth of a cell beside its centre in both directions.
  EXPECT_NEAR(value_at(merge_scales(scales, 8, 160, 80), 84, 44), 9 * 15 / 16.0 * 15 / 16.0, 0.01);
}

TEST(MergeScales, ShrinksLargePhotosMaps) {
  const std::vector<ScaleMap> scales = {one_hot(0.05F, 10, 20, 5, 10, 4)};
  const HeatMap map = merge_scales(scales, 8, 3200, 1600, 400);
  EXPECT_EQ(map.width, 400);
  EXPECT_EQ(map.height, 200);
  EXPECT_NEAR(value_at(map, 210, 110), 4, 0.4);
}

TEST(MergeScales, OfNothingIsQuiet) {
  const HeatMap map = merge_scales({}, 8, 30, 20);
  EXPECT_EQ(map.values, std::vector<float>(600, 0.0F));
}

}  // namespace
}  // namespace facet::detail
