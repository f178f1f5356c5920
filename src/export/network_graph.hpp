// SPDX-License-Identifier: Apache-2.0
// A network alone as an ONNX model.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/model_parts.hpp"

namespace facet::detail {

inline constexpr const char* onnx_input_name = "input";

struct OnnxRequest {
  std::string name;                  // of the graph
  std::vector<std::string> outputs;  // layers whose maps are wanted, under their own names
  int input_side = 0;                // 0: any height and width
  int batch = 0;                     // 0: any
  std::map<std::string, std::string> metadata;
};

// The bytes of a model file. Its input, "input", is a batch of RGB photos N×3×H×W with values
// 0…255, which the graph itself normalises; its outputs are N×C×H×W. Layers behind the last one
// wanted are left out. Throws Error: bad_model where a layer or tensor is missing or a map does not
// fit, unsupported where a locally shared layer meets maps of any size, or ONNX's checker refuses
// the graph.
std::string network_to_onnx(const NetworkPart& part, const OnnxRequest& request);

}  // namespace facet::detail
