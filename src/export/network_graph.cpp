// SPDX-License-Identifier: Apache-2.0
#include "export/network_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "export/onnx_graph.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

constexpr std::int64_t channel_axis = 1;
constexpr std::int64_t height_axis = 2;
constexpr std::int64_t width_axis = 3;

[[noreturn]] void refuse(ErrorCode code, const OnnxRequest& request, const std::string& reason) {
  throw Error(code, "network " + request.name + " as ONNX: " + reason);
}

// Adds one network's layers, each reading the map of the one before.
class NetworkGraph {
 public:
  NetworkGraph(const NetworkSpec& spec, const WeightMap& weights, const OnnxRequest& request)
      : spec_(spec), weights_(weights), request_(request), graph_(request.name) {}

  std::string build() {
    check();
    add_input();
    const std::size_t last = last_layer();
    for (std::size_t i = 0; i <= last; ++i) add_layer(spec_.layers[i]);
    return graph_.model(request_.metadata);
  }

 private:
  [[nodiscard]] bool any_size() const { return request_.input_side == 0; }

  void check() const {
    for (const Layer& layer : spec_.layers) {
      if (layer.name == onnx_input_name) {
        refuse(ErrorCode::unsupported, request_, "a layer is called like the input");
      }
      const bool local =
          layer.kind == LayerKind::local_tiled || layer.kind == LayerKind::local_stacked;
      if (local && any_size()) {
        refuse(ErrorCode::unsupported, request_,
               "layer " + layer.name + " is locally shared and needs maps of one size");
      }
    }
  }

  [[nodiscard]] std::size_t last_layer() const {
    std::size_t last = 0;
    if (request_.outputs.empty()) refuse(ErrorCode::invalid_argument, request_, "no outputs");
    for (const std::string& output : request_.outputs) {
      const auto found = std::find_if(spec_.layers.begin(), spec_.layers.end(),
                                      [&](const Layer& layer) { return layer.name == output; });
      if (found == spec_.layers.end()) {
        refuse(ErrorCode::bad_model, request_, "there is no layer " + output);
      }
      last = std::max(last, static_cast<std::size_t>(found - spec_.layers.begin()));
    }
    return last;
  }

  // Bytes p become (p - mean) * scale, as NetworkRunner::set_input makes them.
  void add_input() {
    std::vector<OnnxSide> shape = {"batch", std::int64_t{3}, "height", "width"};
    if (!any_size()) shape[2] = shape[3] = std::int64_t{request_.input_side};
    graph_.add_input(onnx_input_name, shape);
    graph_.add_node("Sub",
                    {onnx_input_name, graph_.add_floats("input/mean", {1}, {&spec_.mean, 1})},
                    "input/centred");
    graph_.add_node("Mul",
                    {"input/centred", graph_.add_floats("input/scale", {1}, {&spec_.scale, 1})},
                    "input/normalised");
    current_ = "input/normalised";
    side_ = request_.input_side;
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
    }
    if (!layer.add.empty()) {
      graph_.add_node("Add", {convolved, layer.add}, layer.relu ? layer.name + "/sum" : layer.name);
    }
    if (layer.relu) {
      graph_.add_node("Relu", {layer.add.empty() ? convolved : layer.name + "/sum"}, layer.name);
    }
    current_ = layer.name;
    if (!any_size()) side_ = output_side(layer, side_);
    const auto& outputs = request_.outputs;
    if (std::find(outputs.begin(), outputs.end(), layer.name) != outputs.end()) add_output(layer);
  }

  // The name of a convolution's result: the layer's own where nothing follows.
  static std::string finished_as(const Layer& layer, const std::string& otherwise) {
    return layer.relu || !layer.add.empty() ? layer.name + otherwise : layer.name;
  }

  void add_output(const Layer& layer) {
    std::vector<OnnxSide> shape = {"batch", std::int64_t{layer.channels()}, layer.name + "_height",
                                   layer.name + "_width"};
    if (!any_size()) shape[2] = shape[3] = std::int64_t{side_};
    graph_.add_output(layer.name, shape);
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
      refuse(ErrorCode::bad_model, request_, "tensor " + name + " is missing");
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
      refuse(ErrorCode::bad_model, request_, "tensor " + name + " has another size");
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

  const NetworkSpec& spec_;
  const WeightMap& weights_;
  const OnnxRequest& request_;
  OnnxGraph graph_;
  std::string current_;  // the map that the next layer reads
  int side_ = 0;         // its side, where sizes are known
};

}  // namespace

std::string network_to_onnx(const NetworkSpec& spec, const WeightMap& weights,
                            const OnnxRequest& request) {
  return NetworkGraph(spec, weights, request).build();
}

}  // namespace facet::detail
