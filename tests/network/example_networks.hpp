// SPDX-License-Identifier: Apache-2.0
// Networks in the form of the paper's, with the sizes that tests need.
#pragma once

#include "network/reference_network.hpp"

namespace facet::detail::testing {

// AlexNet's five convolutions and a map of tags: any input of 32 pixels or more.
inline NetworkSpec lnet_spec(int width) {
  NetworkSpec spec;
  spec.layers = {convolution("C1", 3, width, 5, 2, 2),
                 max_pool("P1", width, 3, 2, 1),
                 convolution("C2", width, 2 * width, 5, 1, 2),
                 max_pool("P2", 2 * width, 3, 2, 1),
                 convolution("C3", 2 * width, 2 * width, 3, 1, 1),
                 convolution("C4", 2 * width, 2 * width, 3, 1, 1),
                 convolution("C5", 2 * width, 3 * width, 3, 1, 1),
                 convolution("tags", 3 * width, 40, 1, 1, 0, false)};
  return spec;
}

// Two global and two local convolutions and a vector: an input of 88 pixels.
inline NetworkSpec anet_spec(int width) {
  NetworkSpec spec;
  spec.layers = {convolution("C1", 3, width, 5, 2),                                  // 42
                 max_pool("P1", width, 2, 2),                                        // 21
                 convolution("C2", width, 2 * width, 4),                             // 18
                 max_pool("P2", 2 * width, 2, 1),                                    // 17
                 local("C3", LayerKind::local_tiled, 2 * width, 2 * width, 3, 3),    // 15
                 local("C4", LayerKind::local_stacked, 2 * width, 2 * width, 3, 3),  // 8
                 convolution("FC", 4 * 2 * width, 10 * width, 8)};
  return spec;
}

// A padded trunk, a vector, and heads' outputs on that vector and on means of two maps: an input of
// 20 pixels. Layer 4 is of kind depths.
inline NetworkSpec depths_spec(int width) {
  NetworkSpec spec;
  spec.layers = {convolution("C1", 3, width, 3, 2, 1), convolution("C2", width, 2 * width, 3, 1, 1),
                 max_pool("P1", 2 * width, 2, 2), convolution("FC", 2 * width, 3 * width, 5)};
  spec.layers.push_back(depths_layer("depths", spec.layers, {"C2", "C1"}));
  spec.layers.push_back(convolution("tags", 6 * width, 7, 1, 1, 0, false));
  return spec;
}

}  // namespace facet::detail::testing
