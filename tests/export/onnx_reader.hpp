// SPDX-License-Identifier: Apache-2.0
// What an ONNX file holds, in a form that tests can ask.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace facet::detail::testing {

struct OnnxNode {
  std::string operation;
  std::string name;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::map<std::string, std::vector<std::int64_t>> attributes;
};

struct OnnxTensor {
  std::vector<std::int64_t> shape;
  std::int64_t type = 0;  // 1: float, 7: int64
  std::string raw;

  [[nodiscard]] std::vector<float> floats() const;
  [[nodiscard]] std::vector<std::int64_t> integers() const;
};

struct OnnxFile {
  std::int64_t ir_version = 0;
  std::int64_t opset = 0;
  std::string producer;
  std::string graph_name;
  std::map<std::string, std::string> metadata;
  std::vector<OnnxNode> nodes;
  std::map<std::string, OnnxTensor> constants;
  std::map<std::string, std::vector<std::string>> inputs;  // sides: numbers or names
  std::map<std::string, std::vector<std::string>> outputs;

  // The node that makes this value; fails the test where there is none.
  [[nodiscard]] const OnnxNode& maker_of(const std::string& value) const;
};

// Throws std::runtime_error on bytes that are no ONNX model, or that ONNX's checker or its shape
// inference refuse.
OnnxFile read_onnx(std::string_view bytes);

}  // namespace facet::detail::testing
