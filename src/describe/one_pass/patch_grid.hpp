// SPDX-License-Identifier: Apache-2.0
// Which patches of a region are looked at.
#pragma once

#include <vector>

namespace facet::detail {

// Square patches, one at each pair of offsets (pixels from the region's top left corner); the
// vertical offset varies slowest.
struct PatchGrid {
  int patch_side = 0;
  std::vector<int> offsets_y;
  std::vector<int> offsets_x;

  [[nodiscard]] int patches() const {
    return static_cast<int>(offsets_y.size() * offsets_x.size());
  }
  bool operator==(const PatchGrid&) const = default;
};

}  // namespace facet::detail
