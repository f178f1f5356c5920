// SPDX-License-Identifier: Apache-2.0
// A network's layers as nodes of an ONNX graph.
#pragma once

#include <cstddef>
#include <string>

#include "export/onnx_graph.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

// A value of the graph: N×channels×side×side; side 0 where the input may have any.
struct LayerMap {
  std::string name;
  int channels = 0;
  int side = 0;
};

// RGB 0…255 as the network's layers want them, as NetworkRunner::set_input makes them. Returns the
// value's name.
std::string add_normalisation(OnnxGraph& graph, const NetworkSpec& spec, const std::string& input);

// Position of a layer; throws Error(bad_model) that names `network` where there is none.
std::size_t layer_place(const std::string& network, const NetworkSpec& spec,
                        const std::string& layer);

// The layers up to and with number `last`, which read the normalised maps `input` and are called by
// their own names; returns the last one's map. `input_side` 0: any height and width. Throws Error:
// bad_model where a tensor is missing or does not fit, unsupported where a locally shared layer
// or one of several depths meets maps of any size: theirs must be known.
LayerMap add_layers(OnnxGraph& graph, const std::string& network, const NetworkPart& part,
                    const std::string& input, int input_side, std::size_t last);

}  // namespace facet::detail
