// SPDX-License-Identifier: Apache-2.0
// Where in a photo the localiser sees faces.
#pragma once

#include <vector>

namespace facet {

// LNet's evidence over a whole photo: its first and last cells touch the photo's borders.
struct ResponseMap {
  int width = 0;  // in cells
  int height = 0;
  std::vector<float> values;  // height × width, row by row; at least 0
  float threshold = 0;        // evidence from which a place is looked at as a face
};

}  // namespace facet
