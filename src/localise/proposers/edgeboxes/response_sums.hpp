// SPDX-License-Identifier: Apache-2.0
// The sum of the responses inside any window, in a few look-ups.
#pragma once

#include <vector>

#include "facet/box.hpp"
#include "localise/scale_map.hpp"

namespace facet::detail {

// Integral image over the cells of a map.
class ResponseSums {
 public:
  explicit ResponseSums(const ScaleMap& map);

  // Of the cells inside the window (photo coordinates), in units of value × photo pixels². Cells
  // that its border cuts count in part; beyond the map there is none.
  [[nodiscard]] float inside(const Box& window) const;

 private:
  // Sum of everything above and to the left of a place, bilinear within cells.
  [[nodiscard]] double before(double x, double y) const;

  int width_;
  int height_;
  double left_;  // photo place of the corner of cell (0, 0)
  double top_;
  double step_;
  std::vector<double> sums_;  // (height + 1) × (width + 1)
};

}  // namespace facet::detail
