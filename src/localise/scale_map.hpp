// SPDX-License-Identifier: Apache-2.0
// What LNet says about a photo at one scale, cell by cell.
#pragma once

#include <cstddef>
#include <vector>

namespace facet::detail {

// Row-major, height × width.
struct ScaleMap {
  float scale = 1;  // network pixels per photo pixel
  int height = 0;
  int width = 0;
  float first_x = 0;  // photo place of the centre of cell (0, 0)
  float first_y = 0;
  float step = 0;             // photo pixels from cell to cell
  std::vector<float> values;  // as the CellValue that was asked for
};

}  // namespace facet::detail
