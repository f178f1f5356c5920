// SPDX-License-Identifier: Apache-2.0
// How much overlapping patches share, and how it is computed.
#include "describe/one_pass/shared_windows.hpp"

#include <gtest/gtest.h>

#include "describe/one_pass/convolution_way.hpp"
#include "describe/one_pass_networks.hpp"

namespace facet::detail {
namespace {

using facet::detail::testing::even_offsets;
using facet::detail::testing::paper_anet;

SharedNetwork paper_grid(int regions) {
  return share_windows(paper_anet(), {regions, 104, 104, 3},
                       {88, even_offsets(5, 4), even_offsets(5, 4)}, 6);
}

TEST(SharedWindows, RunTheGlobalLayersOnTheRegion) {
  const SharedNetwork shared = paper_grid(2);
  EXPECT_EQ(shared.region_layers, 3U);
  EXPECT_EQ(shared.region_map, (MapShape{2, 24, 24, 64}));
  EXPECT_EQ(shared.layers.size(), 4U);
  EXPECT_EQ(shared.patch_side, 1);
  EXPECT_EQ(shared.patch_vectors.size(), 50U);
}

TEST(SharedWindows, AreAsManyAsCellsAndOffsetsAllow) {
  const SharedNetwork shared = paper_grid(1);
  // C3: 9 banks, whose cells of 6 places move over 5 places.
  EXPECT_EQ(shared.layers[0].outputs, 9 * 10 * 10);
  // C4, one direction: 4 of 10 windows lie in the first cell and move over 5 places, 4 in the
  // second, and 2 across the border, other ones for each of 5 offsets: 8 + 8 + 10.
  EXPECT_EQ(shared.layers[1].outputs, 26 * 26);
  // P4, one direction: two pairs of windows in each cell, 4 apart, and one across the border.
  EXPECT_EQ(shared.layers[2].outputs, 19 * 19);
  EXPECT_EQ(shared.layers[3].outputs, 25);
  // Nothing is shared between regions.
  const SharedNetwork two = paper_grid(2);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(two.layers[i].outputs, 2 * shared.layers[i].outputs);
  }
}

TEST(SharedWindows, OfOnePatchAreItsOwn) {
  const SharedNetwork shared = share_windows(paper_anet(), {1, 88, 88, 3}, {88, {0}, {0}}, 6);
  EXPECT_EQ(shared.layers[0].outputs, 18 * 18);
  EXPECT_EQ(shared.layers[1].outputs, 10 * 10);
  EXPECT_EQ(shared.layers[2].outputs, 5 * 5);
}

TEST(SharedWindows, OfEqualOffsetsAreComputedOnce) {
  const SharedNetwork shared =
      share_windows(paper_anet(), {1, 92, 88, 3}, {88, {4, 4}, {0, 0, 0}}, 6);
  EXPECT_EQ(shared.layers[3].outputs, 1);
  EXPECT_EQ(shared.patch_vectors, std::vector<int>(6, 0));
}

TEST(ConvolutionWay, IsTheCheapestForEachLayerOfThePaper) {
  const SharedNetwork shared = paper_grid(2);
  for (const BankWindows& bank : shared.layers[0].banks) {
    const WayChoice choice = choose_way(shared.layers[0].layer, bank, &shared.region_map);
    EXPECT_EQ(choice.way, ConvolutionWay::rectangle);
    EXPECT_EQ(choice.multiply_adds, 2.0 * 100 * 9 * 64 * 64);
  }
  for (const BankWindows& bank : shared.layers[1].banks) {
    const WayChoice choice = choose_way(shared.layers[1].layer, bank, nullptr);
    EXPECT_EQ(choice.way, ConvolutionWay::row_products);
    // Downwards, the three rows of a window meet 10, 9 and 8 of a cell's 10 places; to the right
    // all three taps of a row are computed for all 10.
    EXPECT_EQ(choice.multiply_adds, 2.0 * 54 * 20 * 3 * 64 * 80);
  }
  const WayChoice fc = choose_way(shared.layers[3].layer, shared.layers[3].banks[0], nullptr);
  EXPECT_EQ(fc.way, ConvolutionWay::windows);
  EXPECT_EQ(fc.multiply_adds, 50.0 * 25 * 320 * 320);
}

TEST(ConvolutionWay, LaysOutWindowsThatAreNoRectangle) {
  // Cells of 6 places at offsets 10 places apart: two rectangles a direction.
  const SharedNetwork shared = share_windows(paper_anet(), {1, 128, 88, 3}, {88, {0, 40}, {0}}, 6);
  for (const BankWindows& bank : shared.layers[0].banks) {
    EXPECT_FALSE(rectangle_of(bank, 3, shared.region_map));
    EXPECT_EQ(bank.windows, 2 * 36);
    EXPECT_EQ(choose_way(shared.layers[0].layer, bank, &shared.region_map).way,
              ConvolutionWay::windows);
  }
}

TEST(ConvolutionWay, TakesNoOtherShapeForARectangle) {
  // From the first place to the last one as many as fill the rectangle between them.
  BankWindows bank;
  bank.windows = 4;
  const MapShape map{1, 4, 4, 1};
  bank.sources = {0, 1, 4, 5};
  EXPECT_TRUE(rectangle_of(bank, 1, map));
  bank.sources = {0, 2, 4, 5};
  EXPECT_FALSE(rectangle_of(bank, 1, map));
}

TEST(ConvolutionWay, FindsTheRectangleOfAPatch) {
  const SharedNetwork shared = share_windows(paper_anet(), {1, 104, 96, 3}, {88, {8}, {4}}, 6);
  const auto rectangle = rectangle_of(shared.layers[0].banks[5], 3, shared.region_map);
  ASSERT_TRUE(rectangle);
  EXPECT_EQ(rectangle->top, 2 + 6);
  EXPECT_EQ(rectangle->left, 1 + 12);
  EXPECT_EQ(rectangle->height, 6);
  EXPECT_EQ(rectangle->width, 6);
}

}  // namespace
}  // namespace facet::detail
