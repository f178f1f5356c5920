// SPDX-License-Identifier: Apache-2.0
// Values over a photo: what finds things writes them, what draws shows them.
#pragma once

#include <vector>

namespace facet::detail {

// A map over a whole photo: its first and last cells touch the photo's borders.
struct HeatMap {
  int height = 0;
  int width = 0;
  std::vector<float> values;  // height × width
};

}  // namespace facet::detail
