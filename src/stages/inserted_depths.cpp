// SPDX-License-Identifier: Apache-2.0
#include "stages/inserted_depths.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::invalid_argument, "depths of a network: " + reason);
}

// Gives each of the layer's filters so many inputs: what it reads of fewer, zeros for further ones.
void set_inputs(NetworkPart& network, Layer& layer, int inputs) {
  WeightTensor& tensor = network.weights.at(layer.name + ".weight");
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(layer.out_channels) * static_cast<std::size_t>(inputs));
  for (int output = 0; output < layer.out_channels; ++output) {
    const auto row = tensor.values.begin() + std::ptrdiff_t{output} * layer.in_channels;
    values.insert(values.end(), row, row + std::min(inputs, layer.in_channels));
    values.resize(static_cast<std::size_t>(output + 1) * static_cast<std::size_t>(inputs));
  }
  tensor.values = std::move(values);
  tensor.shape.at(1) = inputs;
  layer.in_channels = inputs;
}

}  // namespace

void insert_depths(NetworkPart& network, const std::vector<std::string>& of) {
  std::vector<Layer>& layers = network.spec.layers;
  if (layers.size() < 2 || layers.back().kind != LayerKind::convolution ||
      layers.back().kernel != 1) {
    refuse("its last layer does not read a single vector");
  }
  if (layer_named(layers, inserted_depths_name) != nullptr) {
    refuse(std::string("it has a layer '") + inserted_depths_name + "' already");
  }
  const std::span<const Layer> before = std::span(layers).first(layers.size() - 1);
  const Layer depths = depths_layer(inserted_depths_name, before, of);
  if (const std::string fault = reference_fault(depths, before); !fault.empty()) refuse(fault);
  set_inputs(network, layers.back(), depths.channels());
  layers.insert(layers.end() - 1, depths);
}

void remove_inserted_depths(NetworkPart& network) {
  std::vector<Layer>& layers = network.spec.layers;
  if (layers.size() < 2) return;
  const auto depths = layers.end() - 2;
  if (depths->kind != LayerKind::depths || depths->name != inserted_depths_name) return;
  set_inputs(network, layers.back(), depths->in_channels);
  layers.erase(depths);
}

}  // namespace facet::detail
