// SPDX-License-Identifier: Apache-2.0
// The places of a map that are worth a closer look.
#pragma once

#include <vector>

#include "localise/cell_map.hpp"

namespace facet::detail {

struct CellRect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

// Rectangles that hold every cell of `least` or more, and the cells around each. To look at a
// rectangle costs as much as one larger by `margin` on every side: near ones are joined where that
// costs less; all of the map is one where the sum is no less.
std::vector<CellRect> places_from(const CellMap& map, float least, int margin);

}  // namespace facet::detail
