// SPDX-License-Identifier: Apache-2.0
// What LNet says of one photo, cell by cell.
#pragma once

#include <vector>

namespace facet::detail {

// Row-major.
struct CellMap {
  int height = 0;
  int width = 0;
  std::vector<float> values;
};

}  // namespace facet::detail
