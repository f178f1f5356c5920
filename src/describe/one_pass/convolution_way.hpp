// SPDX-License-Identifier: Apache-2.0
// How one bank's distinct windows are convolved. Three ways give the same sums; which is cheapest
// depends on how the windows lie.
//
// Rectangle: the windows are all those of a rectangle of the region's map, and an ordinary
// convolution of that rectangle serves. C3 right behind the globally shared layers.
//
// Windows: each window is laid out as a row of one matrix product. FC, whose windows do not
// overlap, and whatever the other ways do not serve.
//
// Row products: a filter is the sum of its taps, and a tap's product with a vector is the same in
// each window that holds the vector there. Each product is computed once, all taps of a row of the
// filter together, and each window adds up its own. C4: a vector of C3 near a cell border stands in
// windows that different patches see differently, but its products are theirs in common.
#pragma once

#include <optional>
#include <vector>

#include "describe/one_pass/shared_windows.hpp"

namespace facet::detail {

enum class ConvolutionWay { rectangle, windows, row_products };

// In the region's map.
struct Rectangle {
  int top = 0;
  int left = 0;
  int height = 0;
  int width = 0;
};

// The places of the windows' first vectors where the windows are exactly those of one rectangle in
// each region, in order.
std::optional<Rectangle> rectangle_of(const BankWindows& bank, int kernel, const MapShape& map);

// For each row of a window, the distinct vectors that stand in it, ascending.
std::vector<std::vector<int>> row_vectors(const BankWindows& bank, int kernel);

struct WayChoice {
  ConvolutionWay way = ConvolutionWay::windows;
  double multiply_adds = 0;
};
// `map` is null unless the layer reads the regions' map.
WayChoice choose_way(const Layer& layer, const BankWindows& bank, const MapShape* map);

// Multiplications of the convolutions, regions' layers included.
double multiply_adds(const SharedNetwork& shared, const NetworkSpec& spec, const MapShape& regions);

}  // namespace facet::detail
