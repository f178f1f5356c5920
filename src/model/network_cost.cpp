// SPDX-License-Identifier: Apache-2.0
#include "model/network_cost.hpp"

#include "facet/error.hpp"

namespace facet::detail {
namespace {

std::int64_t weights_per_bank(const Layer& layer) {
  return std::int64_t{layer.out_channels} * layer.in_channels * layer.kernel * layer.kernel;
}

}  // namespace

std::int64_t parameter_count(const Layer& layer) {
  if (!layer.has_weights()) return 0;
  return layer.banks() * (weights_per_bank(layer) + layer.out_channels);
}

std::vector<LayerCost> layer_costs(const NetworkSpec& spec, int input_side) {
  std::vector<LayerCost> costs;
  int side = input_side;
  for (const Layer& layer : spec.layers) {
    try {
      side = output_side(layer, side);
    } catch (const Error&) {
      break;
    }
    const std::int64_t places = std::int64_t{side} * side;
    LayerCost cost{side, places * layer.channels(), 0};
    if (layer.has_weights()) {
      // Tiled banks share the places among them; stacked banks each cover all.
      const int passes = layer.kind == LayerKind::local_stacked ? layer.banks() : 1;
      cost.multiply_adds = places * passes * weights_per_bank(layer);
    }
    costs.push_back(cost);
  }
  return costs;
}

}  // namespace facet::detail
