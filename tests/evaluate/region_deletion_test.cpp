// SPDX-License-Identifier: Apache-2.0
#include "evaluate/region_deletion.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "evaluate/explain_report.hpp"

namespace facet::detail {
namespace {

constexpr int kCells = kDeletionCells * kDeletionCells;

void expect_each_cell_once(const std::vector<int>& order) {
  EXPECT_EQ(order.size(), static_cast<std::size_t>(kCells));
  const std::set<int> cells(order.begin(), order.end());
  EXPECT_EQ(cells.size(), static_cast<std::size_t>(kCells));
  EXPECT_EQ(*cells.begin(), 0);
  EXPECT_EQ(*cells.rbegin(), kCells - 1);
}

TEST(DeletionOrder, BeginsWhereTheMapSupportsMost) {
  RegionMap map;
  map.side = kRegionSide;
  map.values.assign(kRegionSide * kRegionSide, 0.0F);
  map.values[2 * kRegionSide + 4] = 1;    // cell (1, 2)
  map.values[20 * kRegionSide + 6] = -1;  // cell (10, 3)
  const std::vector<int> present = order_by_map(map, true);
  expect_each_cell_once(present);
  EXPECT_EQ(present.front(), kDeletionCells + 2);
  EXPECT_EQ(present.back(), 10 * kDeletionCells + 3);
  EXPECT_EQ(order_by_map(map, false).front(), 10 * kDeletionCells + 3);
}

TEST(DeletionOrder, OfChanceIsTheSameForTheSameName) {
  expect_each_cell_once(random_order("a.jpg"));
  EXPECT_EQ(random_order("a.jpg"), random_order("a.jpg"));
  EXPECT_NE(random_order("a.jpg"), random_order("b.jpg"));
}

TEST(DeletionOrder, FromTheMiddleEndsInTheCorners) {
  const std::vector<int> order = order_from_middle();
  expect_each_cell_once(order);
  EXPECT_EQ(order[0] / kDeletionCells, 5);
  const std::set<int> corners = {0, kDeletionCells - 1, kCells - kDeletionCells, kCells - 1};
  EXPECT_TRUE(
      std::all_of(order.end() - 4, order.end(), [&](int cell) { return corners.count(cell) > 0; }));
}

TEST(Deletion, BlursTheCellsAndNothingElse) {
  Image square(48, 48);
  for (std::size_t i = 0; i < square.pixels.size(); ++i) {
    square.pixels[i] = i / 3 % 2 == 0 ? 0 : 255;
  }
  const Image gone = without_cells(square, {0, 1}, 1);
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 48; ++x) {
      const int before = square.row(y)[x * 3];
      const int after = gone.row(y)[x * 3];
      if (y < 4 && x < 4) {
        EXPECT_NEAR(after, 127, 10);
      } else {
        EXPECT_EQ(after, before);
      }
    }
  }
}

TEST(BootstrapMean, OfAConstantIsTheConstant) {
  const std::vector<double> same(50, 2.5);
  const MeanInterval interval = bootstrap_mean(same);
  EXPECT_DOUBLE_EQ(interval.mean, 2.5);
  EXPECT_DOUBLE_EQ(interval.low, 2.5);
  EXPECT_DOUBLE_EQ(interval.high, 2.5);
}

TEST(BootstrapMean, IsAsWideAsTheStandardErrorSays) {
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(i % 2);  // deviation 0.5
  const MeanInterval interval = bootstrap_mean(values);
  EXPECT_DOUBLE_EQ(interval.mean, 0.5);
  EXPECT_NEAR(interval.high - interval.low, 2 * 1.96 * 0.5 / 20, 0.015);
}

}  // namespace
}  // namespace facet::detail
