// SPDX-License-Identifier: Apache-2.0
// An ONNX model (opset 13) under construction, in libonnx's classes. Values are known by their
// names.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace onnx {
class ModelProto;
}

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
  ~OnnxGraph();
  OnnxGraph(OnnxGraph&&) noexcept;
  OnnxGraph& operator=(OnnxGraph&&) noexcept;

  // Tensors of floats that come from outside, and go there.
  void add_input(const std::string& name, const std::vector<OnnxSide>& shape);
  void add_output(const std::string& name, const std::vector<OnnxSide>& shape);
  // Constants. Both return `name`.
  std::string add_floats(const std::string& name, const std::vector<std::int64_t>& shape,
                         std::span<const float> values);
  std::string add_integers(const std::string& name, const std::vector<std::int64_t>& values);
  // An operation that makes the value `output`, after which it is named as well; returns that name.
  std::string add_node(const std::string& operation, const std::vector<std::string>& inputs,
                       const std::string& output,
                       const std::vector<OnnxAttribute>& attributes = {});

  // The bytes of a model file that ONNX's own checker and shape inference have passed: every value
  // has one maker, and outputs have the shapes that they claim. Throws Error(unsupported) that
  // names the graph and what they found.
  [[nodiscard]] std::string model(const std::map<std::string, std::string>& metadata) const;

 private:
  std::unique_ptr<onnx::ModelProto> model_;
};

}  // namespace facet::detail
