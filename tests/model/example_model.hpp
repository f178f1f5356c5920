// SPDX-License-Identifier: Apache-2.0
// The smallest model that has every part.
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "model/model_parts.hpp"

namespace facet::detail {

inline Layer example_layer(const std::string& name, LayerKind kind, int in, int out, int kernel) {
  Layer layer;
  layer.name = name;
  layer.kind = kind;
  layer.in_channels = in;
  layer.out_channels = out;
  layer.kernel = kernel;
  return layer;
}

inline WeightTensor example_tensor(const std::vector<std::int64_t>& shape) {
  WeightTensor tensor{shape, {}};
  std::int64_t count = 1;
  for (const std::int64_t side : shape) count *= side;
  for (std::int64_t i = 0; i < count; ++i) {
    tensor.values.push_back(from_half(to_half(std::sin(static_cast<float>(i)))));
  }
  return tensor;
}

inline NetworkPart example_network(const std::vector<Layer>& layers) {
  NetworkPart part;
  part.spec.layers = layers;
  part.spec.mean = 100.5F;
  part.spec.scale = 0.01F;
  for (const Layer& layer : layers) {
    if (!layer.has_weights()) continue;
    std::vector<std::int64_t> weight = {layer.out_channels, layer.in_channels, layer.kernel,
                                        layer.kernel};
    std::vector<std::int64_t> bias = {layer.out_channels};
    if (layer.kind != LayerKind::convolution) {
      weight.insert(weight.begin(), layer.banks());
      bias.insert(bias.begin(), layer.banks());
    }
    part.weights[layer.name + ".weight"] = example_tensor(weight);
    part.weights[layer.name + ".bias"] = example_tensor(bias);
  }
  return part;
}

inline std::map<std::string, NetworkPart> example_networks() {
  Layer c5 = example_layer("C5", LayerKind::convolution, 3, 4, 3);
  c5.stride = 2;
  c5.padding = 1;
  c5.relu = true;
  const Layer tags = example_layer("tags", LayerKind::convolution, 4, 2, 1);
  Layer pool = example_layer("P1", LayerKind::max_pool, 2, 2, 2);
  pool.stride = 2;
  Layer tiled = example_layer("C3", LayerKind::local_tiled, 2, 2, 3);
  tiled.cells = 2;
  Layer stacked = example_layer("C4", LayerKind::local_stacked, 2, 2, 2);
  stacked.cells = 2;
  return {
      {"lnet_o", example_network({c5, tags})},
      {"lnet_s", example_network({c5, tags})},
      {"anet", example_network({example_layer("C1", LayerKind::convolution, 3, 2, 5), pool, tiled,
                                stacked, example_layer("FC", LayerKind::convolution, 2, 3, 1)})}};
}

inline ModelParts example_parts() {
  ModelParts parts;
  parts.name = "example";
  parts.version = "1.2";
  parts.licence = "research only";
  parts.provenance = {{"recipe", "none"}, {"seed", 7}};
  parts.localiser.stride = 2;
  parts.localiser.refine_side = 16;
  parts.localiser.threshold = 0.1F;
  parts.localiser.box = {0.01F, -0.02F, 0.7F, 1.1F};
  parts.patches.region_side = 14;
  parts.patches.patch_side = 12;
  parts.patches.offsets = {0, 2};
  Head head;
  head.name = "celeba";
  head.feature_layer = "FC";
  head.attributes = {"Smiling", "Male"};
  head.weight = example_tensor({2, 3}).values;
  head.bias = {0.1F, -1.0F / 3};
  head.calibration_a = {1.7F, 2.3F};
  head.calibration_b = {0.3F, -0.7F};
  head.threshold = {0.5F, 0.45F};
  head.threshold_balanced = {0.2F, 0.3F};
  parts.heads["celeba"] = head;
  return parts;
}

}  // namespace facet::detail
