// SPDX-License-Identifier: Apache-2.0
// Edges of a photo, one pixel thin: what EdgeBoxes groups into contours.
#pragma once

#include <cstddef>
#include <vector>

#include "facet/image.hpp"

namespace facet::detail {

// Row-major, width × height.
struct EdgeMap {
  int width = 0;
  int height = 0;
  std::vector<float> strength;   // 0…1; 0 off the edges
  std::vector<float> direction;  // across the edge, radians 0…π, y downwards
};

// EdgeBoxes' time grows with the edges: at most this share of the pixels is one.
constexpr float kMostEdgePixels = 0.09F;

// Sobel's gradient of the blurred grey photo, thinned by non-maximum suppression across the edge;
// the strongest edges are kept. A flat photo has none.
EdgeMap find_edges(const Image& photo);

}  // namespace facet::detail
