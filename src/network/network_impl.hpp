// SPDX-License-Identifier: Apache-2.0
// What a Network holds behind its pointer: the checked layer list, its weights, and these as the
// kernels of its runners want them.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "network/convolution_primitive.hpp"
#include "network/network.hpp"
#include "network/weight_values.hpp"

namespace facet::detail {

// Weight and bias of one layer, banks one after another; empty for pooling.
struct LayerWeights {
  WeightValues weight;
  std::vector<float> bias;
};

struct AmxFilters;

// Made by the first runner that needs it.
struct SharedAmxLayers {
  std::once_flag once;
  std::shared_ptr<const std::vector<std::optional<AmxFilters>>> layers;
};

struct Network::Impl {
  NetworkSpec spec;
  std::vector<LayerWeights> weights;  // as long as spec.layers
  // Shared by all runners of the network, whichever thread they are in.
  mutable PreparedWeights prepared;          // a bank at a time
  mutable PreparedWeights prepared_by_rows;  // a row of a bank's filters at a time
  std::vector<float> zeros;                  // the bias of such a row
  // Of one plane, and of two.
  mutable std::array<SharedAmxLayers, 2> amx_layers;
};

}  // namespace facet::detail
