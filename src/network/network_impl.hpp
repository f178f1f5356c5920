// SPDX-License-Identifier: Apache-2.0
// What a Network holds behind its pointer: the checked layer list and its weights.
#pragma once

#include <vector>

#include "network/network.hpp"

namespace facet::detail {

// Weight and bias of one layer, banks one after another; empty for pooling.
struct LayerWeights {
  std::vector<float> weight;
  std::vector<float> bias;
};

struct Network::Impl {
  NetworkSpec spec;
  std::vector<LayerWeights> weights;  // as long as spec.layers
};

}  // namespace facet::detail
