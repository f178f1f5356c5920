// SPDX-License-Identifier: Apache-2.0
// An ONNX model (opset 13) under construction. Values are known by their names.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "export/protobuf_message.hpp"

namespace facet::detail {

// A side of an input or output: so many, or any number under this name.
using OnnxSide = std::variant<std::int64_t, std::string>;

// Of a node: all of ours are lists of integers.
struct OnnxAttribute {
  std::string name;
  std::vector<std::int64_t> values;
  bool is_list = true;  // else one integer
};

class OnnxGraph {
 public:
  explicit OnnxGraph(const std::string& name);

  // Tensors of floats that come from outside, and go there.
  void add_input(const std::string& name, const std::vector<OnnxSide>& shape);
  void add_output(const std::string& name, const std::vector<OnnxSide>& shape);
  // Constants. Both return `name`.
  std::string add_floats(const std::string& name, const std::vector<std::int64_t>& shape,
                         std::span<const float> values);
  std::string add_integers(const std::string& name, const std::vector<std::int64_t>& values);
  // An operation that makes the value `output`, after which it is named as well.
  void add_node(const std::string& operation, const std::vector<std::string>& inputs,
                const std::string& output, const std::vector<OnnxAttribute>& attributes = {});

  // The bytes of a model file.
  [[nodiscard]] std::string model(const std::map<std::string, std::string>& metadata) const;

 private:
  ProtobufMessage graph_;
};

}  // namespace facet::detail
