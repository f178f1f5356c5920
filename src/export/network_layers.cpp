// SPDX-License-Identifier: Apache-2.0
#include "export/network_layers.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

constexpr std::int64_t channel_axis = 1;
constexpr std::int64_t height_axis = 2;
constexpr std::int64_t width_axis = 3;

// Adds one network's layers, each reading the map of the one before.
class NetworkLayers {
 public:
  NetworkLayers(OnnxGraph& graph, const std::string& network, const NetworkPart& part)
      : graph_(graph), network_(network), spec_(part.spec), weights_(part.weights) {}

  LayerMap add(const std::string& input, int input_side, std::size_t last) {
    side_ = input_side;
    check();
    current_ = input;
    for (std::size_t i = 0; i <= last; ++i) add_layer(spec_.layers[i]);
    return {current_, spec_.layers[last].channels(), side_};
  }

 private:
  [[noreturn]] void refuse(ErrorCode code, const std::string& reason) const {
    throw Error(code, "network " + network_ + " as ONNX: " + reason);
  }
  [[nodiscard]] bool any_size() const { return side_ == 0; }

  void check() const {
    if (!any_size()) return;
    for (const Layer& layer : spec_.layers) {
      if (layer.kind == LayerKind::local_tiled || layer.kind == LayerKind::local_stacked) {
        refuse(ErrorCode::unsupported,
               "layer " + layer.name + " is locally shared and needs maps of one size");
      }
      if (layer.kind == LayerKind::depths) {
        refuse(ErrorCode::unsupported,
               "layer " + layer.name + " needs a single place and hence maps of one size");
      }
    }
  }

  void add_layer(const Layer& layer) {
    const std::string convolved = finished_as(layer, "/convolution");
    switch (layer.kind) {
      case LayerKind::convolution:
        add_convolution(layer, current_, -1, convolved);
        break;
      case LayerKind::max_pool:
        add_pool("MaxPool", layer);
        break;
      case LayerKind::average_pool:
        add_pool("AveragePool", layer);
        break;
      case LayerKind::local_tiled:
        add_tiled(layer, convolved);
        break;
      case LayerKind::local_stacked:
        add_stacked(layer, convolved);
        break;
      case LayerKind::depths:
        add_depths(layer);
        break;
    }
    if (!layer.add.empty()) {
      graph_.add_node("Add", {convolved, layer.add}, layer.relu ? layer.name + "/sum" : layer.name);
    }
    if (layer.relu) {
      graph_.add_node("Relu", {layer.add.empty() ? convolved : layer.name + "/sum"}, layer.name);
    }
    current_ = layer.name;
    if (!any_size()) side_ = output_side(layer, side_);
  }

  // The name of a convolution's result: the layer's own where nothing follows.
  static std::string finished_as(const Layer& layer, const std::string& otherwise) {
    return layer.relu || !layer.add.empty() ? layer.name + otherwise : layer.name;
  }

  static std::vector<OnnxAttribute> window(const Layer& layer) {
    const std::int64_t pad = layer.padding;
    return {{"kernel_shape", {layer.kernel, layer.kernel}},
            {"strides", {layer.stride, layer.stride}},
            {"pads", {pad, pad, pad, pad}}};
  }

  void add_pool(const std::string& operation, const Layer& layer) {
    graph_.add_node(operation, {current_}, layer.name, window(layer));
  }

  [[nodiscard]] const WeightTensor& tensor(const std::string& name) const {
    const auto found = weights_.find(name);
    if (found == weights_.end()) {
      refuse(ErrorCode::bad_model, "tensor " + name + " is missing");
    }
    return found->second;
  }

  // The part of a tensor that belongs to a bank; all of it for bank -1.
  std::string add_bank(const std::string& name, int bank, int banks,
                       std::vector<std::int64_t> shape) {
    const std::vector<float>& values = tensor(name).values;
    std::size_t size = 1;
    for (const std::int64_t side : shape) size *= static_cast<std::size_t>(side);
    if (values.size() != size * static_cast<std::size_t>(banks)) {
      refuse(ErrorCode::bad_model, "tensor " + name + " has another size");
    }
    if (bank < 0) return graph_.add_floats(name, shape, values);
    return graph_.add_floats(
        name + '/' + std::to_string(bank), shape,
        std::span(values).subspan(static_cast<std::size_t>(bank) * size, size));
  }

  void add_convolution(const Layer& layer, const std::string& input, int bank,
                       const std::string& output) {
    const std::string weight =
        add_bank(layer.name + ".weight", bank, layer.banks(),
                 {layer.out_channels, layer.in_channels, layer.kernel, layer.kernel});
    const std::string bias =
        add_bank(layer.name + ".bias", bank, layer.banks(), {layer.out_channels});
    graph_.add_node("Conv", {input, weight, bias}, output, window(layer));
  }

  // A square of the current map.
  std::string add_slice(const std::string& name, int top, int left, int side) {
    graph_.add_node("Slice",
                    {current_, graph_.add_integers(name + "/starts", {top, left}),
                     graph_.add_integers(name + "/ends", {top + side, left + side}),
                     graph_.add_integers(name + "/axes", {height_axis, width_axis})},
                    name);
    return name;
  }

  void add_concat(const std::vector<std::string>& parts, std::int64_t axis,
                  const std::string& output) {
    graph_.add_node("Concat", parts, output, {{"axis", {axis}, false}});
  }

  // Bank (i, j) of banks_a_side² on its square of the map.
  std::string add_local_bank(const Layer& layer, int i, int j, int banks_a_side, int step,
                             int square) {
    const int bank = i * banks_a_side + j;
    const std::string name = layer.name + '/' + std::to_string(bank);
    const std::string part = name + "/convolution";
    add_convolution(layer, add_slice(name + "/input", i * step, j * step, square), bank, part);
    return part;
  }

  // Each cell of the output by its own bank; cells are laid side by side, then row upon row.
  void add_tiled(const Layer& layer, const std::string& output) {
    const int cell = output_side(layer, side_) / layer.cells;
    std::vector<std::string> rows;
    for (int i = 0; i < layer.cells; ++i) {
      std::vector<std::string> row;
      for (int j = 0; j < layer.cells; ++j) {
        row.push_back(add_local_bank(layer, i, j, layer.cells, cell, cell + layer.kernel - 1));
      }
      rows.push_back(layer.name + "/row/" + std::to_string(i));
      add_concat(row, width_axis, rows.back());
    }
    add_concat(rows, height_axis, output);
  }

  // Each bank on 2×2 cells of the input; their outputs are stacked as channels.
  void add_stacked(const Layer& layer, const std::string& output) {
    const int cell = side_ / layer.cells;
    std::vector<std::string> banks;
    for (int i = 0; i + 1 < layer.cells; ++i) {
      for (int j = 0; j + 1 < layer.cells; ++j) {
        banks.push_back(add_local_bank(layer, i, j, layer.cells - 1, cell, 2 * cell));
      }
    }
    add_concat(banks, channel_axis, output);
  }

  void add_depths(const Layer& layer) {
    std::vector<std::string> parts = {current_};
    for (const std::string& read : layer.of) {
      parts.push_back(graph_.add_node("GlobalAveragePool", {read}, layer.name + "/" + read));
    }
    add_concat(parts, channel_axis, layer.name);
  }

  OnnxGraph& graph_;
  const std::string& network_;
  const NetworkSpec& spec_;
  const WeightMap& weights_;
  std::string current_;  // the map that the next layer reads
  int side_ = 0;         // its side, where sizes are known
};

}  // namespace

std::string add_normalisation(OnnxGraph& graph, const NetworkSpec& spec, const std::string& input) {
  const std::string centred = graph.add_node(
      "Sub", {input, graph.add_floats(input + "/mean", {1}, {&spec.mean, 1})}, input + "/centred");
  return graph.add_node("Mul", {centred, graph.add_floats(input + "/scale", {1}, {&spec.scale, 1})},
                        input + "/normalised");
}

std::size_t layer_place(const std::string& network, const NetworkSpec& spec,
                        const std::string& layer) {
  const auto found = std::find_if(spec.layers.begin(), spec.layers.end(),
                                  [&](const Layer& one) { return one.name == layer; });
  if (found == spec.layers.end()) {
    throw Error(ErrorCode::bad_model,
                "network " + network + " as ONNX: there is no layer " + layer);
  }
  return static_cast<std::size_t>(found - spec.layers.begin());
}

LayerMap add_layers(OnnxGraph& graph, const std::string& network, const NetworkPart& part,
                    const std::string& input, int input_side, std::size_t last) {
  return NetworkLayers(graph, network, part).add(input, input_side, last);
}

}  // namespace facet::detail
