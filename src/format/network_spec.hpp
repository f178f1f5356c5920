// SPDX-License-Identifier: Apache-2.0
// A network as data: the list of its layers. The same list builds the network for training
// (libtorch) and for inference (oneDNN), and is stored in the model file.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace facet::detail {

enum class LayerKind {
  convolution,    // globally shared filters; a fully connected layer is one whose kernel is the map
  max_pool,       // unpadded unless `padding`
  average_pool,   // unpadded
  local_tiled,    // locally shared (paper 3.2, C3): the output map is divided into cells × cells
                  // equal cells, each convolved with its own bank; unpadded, stride 1
  local_stacked,  // locally shared (paper 3.2, C4): the input map is divided into cells × cells
                  // equal cells; (cells-1)² banks, bank (i, j) convolves the 2×2 neighbouring
                  // cells from (i, j) on, unpadded; the outputs are stacked as channels, bank
                  // after bank in row order
  depths,         // what the layer before yields, which must be a single place, and behind it the
                  // channels of each layer in `of`, averaged over its whole map: several depths
                  // of the network as one vector, for heads
};

// Tensors of a layer `name` in a weight map, all in the order of the axes given:
//   convolution    "name.weight" [out, in, kernel, kernel]         "name.bias" [out]
//   local_tiled    "name.weight" [cells², out, in, kernel, kernel] "name.bias" [cells², out]
//   local_stacked  "name.weight" [(cells-1)², out, in, k, k]       "name.bias" [(cells-1)², out]
// `out_channels` of local_stacked counts one bank; the layer yields (cells-1)² * out_channels.
struct Layer {
  std::string name;
  LayerKind kind = LayerKind::convolution;
  int in_channels = 0;
  int out_channels = 0;
  int kernel = 1;
  int stride = 1;
  int padding = 0;              // zeros on each side; local layers have none
  int cells = 0;                // local layers: cells a side
  bool relu = false;            // applied after bias (and batch normalisation) and `add`
  std::vector<std::string> of;  // depths: earlier layers, in the order of their channels
  std::string add;          // convolutions: an earlier layer whose map, of the same shape, is added
                            // to this one's (a residual shortcut); empty: none
  bool batch_norm = false;  // training only: folded into weight and bias before a network is stored

  [[nodiscard]] bool is_pool() const {
    return kind == LayerKind::max_pool || kind == LayerKind::average_pool;
  }
  [[nodiscard]] bool has_weights() const { return !is_pool() && kind != LayerKind::depths; }
  [[nodiscard]] int banks() const {
    if (kind == LayerKind::local_tiled) return cells * cells;
    if (kind == LayerKind::local_stacked) return (cells - 1) * (cells - 1);
    return 1;
  }
  // Channels of the layer's output map.
  [[nodiscard]] int channels() const {
    return kind == LayerKind::local_stacked ? banks() * out_channels : out_channels;
  }
};

struct NetworkSpec {
  std::vector<Layer> layers;
  // Input: RGB bytes p become (p - mean) * scale.
  float mean = 127.5F;
  float scale = 1.0F / 64.0F;
};

NLOHMANN_JSON_SERIALIZE_ENUM(LayerKind, {{LayerKind::convolution, "convolution"},
                                         {LayerKind::max_pool, "max_pool"},
                                         {LayerKind::average_pool, "average_pool"},
                                         {LayerKind::local_tiled, "local_tiled"},
                                         {LayerKind::local_stacked, "local_stacked"},
                                         {LayerKind::depths, "depths"}})

// Throws Error(bad_model) on unknown kinds, missing fields or sizes out of range; the layers'
// channels must chain, and fit where a layer reads further ones.
NetworkSpec network_spec_from_json(const nlohmann::json& json);
nlohmann::json to_json(const NetworkSpec& spec);

// Side of the output map for an input map of the given side; throws Error(invalid_argument)
// where the layer cannot take it.
int output_side(const Layer& layer, int input_side);

// Why `layer` cannot follow `before` with what it names in `add` or `of`; empty where it can.
std::string reference_fault(const Layer& layer, std::span<const Layer> before);

// The layer of that name; null where there is none.
const Layer* layer_named(std::span<const Layer> layers, const std::string& name);

// A layer of kind depths behind `before`. Layers in `of` that are not there add no channels:
// whoever checks the network says so.
Layer depths_layer(const std::string& name, std::span<const Layer> before,
                   std::vector<std::string> of);

}  // namespace facet::detail
