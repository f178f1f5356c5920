// SPDX-License-Identifier: Apache-2.0
// What a layer costs: numbers it stores, computes and yields.
#pragma once

#include <cstdint>
#include <vector>

#include "format/network_spec.hpp"

namespace facet::detail {

// Weights and biases.
std::int64_t parameter_count(const Layer& layer);

struct LayerCost {
  int output_side = 0;
  std::int64_t outputs = 0;        // values of its output map
  std::int64_t multiply_adds = 0;  // of convolutions
};

// Costs of the layers for a square input, up to the first that cannot take its map.
std::vector<LayerCost> layer_costs(const NetworkSpec& spec, int input_side);

}  // namespace facet::detail
