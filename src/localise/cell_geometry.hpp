// SPDX-License-Identifier: Apache-2.0
// Where the cells of a convolutional map lie in the network's input.
#pragma once

#include <cstddef>

#include "format/network_spec.hpp"

namespace facet::detail {

// Cell (column i) of a map is centred at input coordinate centre + i * stride, where pixel j covers
// [j, j + 1). It sees `field` pixels.
struct CellGeometry {
  int stride = 1;
  float centre = 0.5F;
  int field = 1;
};

// Geometry of the output of layer `last`. Throws Error(bad_model) for layers that are not
// convolutional over the whole map.
CellGeometry cell_geometry(const NetworkSpec& spec, std::size_t last);

// Side of the output map of layer `last` for an input of the given side.
int map_side(const NetworkSpec& spec, std::size_t last, int input_side);

}  // namespace facet::detail
