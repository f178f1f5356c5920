// SPDX-License-Identifier: Apache-2.0
#include "draw/draw_map.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace facet::detail {
namespace {

TEST(DrawMap, ColoursEvidenceAndDimsTheRest) {
  Image photo(200, 100);
  std::fill(photo.pixels.begin(), photo.pixels.end(), std::uint8_t{100});
  HeatMap map{1, 2, {0.0F, 10.0F}};
  const Image drawn = draw_map(photo, map, 0, 10);
  ASSERT_EQ(drawn.width, 200);
  ASSERT_EQ(drawn.height, 100);
  const std::uint8_t* quiet = drawn.row(50) + 3 * 5;
  EXPECT_EQ(quiet[0], quiet[2]) << "no evidence: the grey photo";
  EXPECT_LT(quiet[0], 100);
  const std::uint8_t* hot = drawn.row(50) + 3 * 195;
  EXPECT_GT(hot[0], 200) << "strong evidence: pale yellow";
  EXPECT_GT(hot[1], 200);
}

TEST(DrawMap, CutsValuesOffBeyondItsRange) {
  Image photo(20, 20);
  const Image hottest = draw_map(photo, {1, 1, {10.0F}}, 0, 10);
  EXPECT_EQ(draw_map(photo, {1, 1, {99.0F}}, 0, 10).pixels, hottest.pixels);
  const Image quiet = draw_map(photo, {1, 1, {0.0F}}, 0, 10);
  EXPECT_EQ(draw_map(photo, {1, 1, {-5.0F}}, 0, 10).pixels, quiet.pixels);
  EXPECT_NE(hottest.pixels, quiet.pixels);
}

}  // namespace
}  // namespace facet::detail
