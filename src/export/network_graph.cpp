// SPDX-License-Identifier: Apache-2.0
#include "export/network_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "export/network_layers.hpp"
#include "export/onnx_graph.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

[[noreturn]] void refuse(ErrorCode code, const OnnxRequest& request, const std::string& reason) {
  throw Error(code, "network " + request.name + " as ONNX: " + reason);
}

std::size_t last_layer(const NetworkSpec& spec, const OnnxRequest& request) {
  if (request.outputs.empty()) refuse(ErrorCode::invalid_argument, request, "no outputs");
  std::size_t last = 0;
  for (const std::string& output : request.outputs) {
    last = std::max(last, layer_place(request.name, spec, output));
  }
  return last;
}

// N×channels×H×W, where a side of 0 goes by its name.
std::vector<OnnxSide> shape_of(const OnnxRequest& request, int channels, int side,
                               const std::string& height, const std::string& width) {
  std::vector<OnnxSide> shape = {"batch", std::int64_t{channels}, height, width};
  if (request.batch > 0) shape[0] = std::int64_t{request.batch};
  if (side > 0) shape[2] = shape[3] = std::int64_t{side};
  return shape;
}

}  // namespace

std::string network_to_onnx(const NetworkPart& part, const OnnxRequest& request) {
  const std::size_t last = last_layer(part.spec, request);
  for (const Layer& layer : part.spec.layers) {
    if (layer.name == onnx_input_name) {
      refuse(ErrorCode::unsupported, request, "a layer is called like the input");
    }
  }
  OnnxGraph graph(request.name);
  graph.add_input(onnx_input_name, shape_of(request, 3, request.input_side, "height", "width"));
  add_layers(graph, request.name, part, add_normalisation(graph, part.spec, onnx_input_name),
             request.input_side, last);
  int side = request.input_side;
  for (std::size_t i = 0; i <= last; ++i) {
    const Layer& layer = part.spec.layers[i];
    if (side > 0) side = output_side(layer, side);
    const auto& wanted = request.outputs;
    if (std::find(wanted.begin(), wanted.end(), layer.name) == wanted.end()) continue;
    graph.add_output(layer.name, shape_of(request, layer.channels(), side, layer.name + "_height",
                                          layer.name + "_width"));
  }
  return graph.model(request.metadata);
}

}  // namespace facet::detail
