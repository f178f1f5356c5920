// SPDX-License-Identifier: Apache-2.0
#include "export/onnx_reader.hpp"

#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include <cstring>
#include <stdexcept>

namespace facet::detail::testing {
namespace {

[[noreturn]] void fail(const std::string& reason) {
  throw std::runtime_error("ONNX: " + reason);
}

OnnxNode to_node(const onnx::NodeProto& proto) {
  OnnxNode node{proto.op_type(), proto.name(), {}, {}, {}};
  node.inputs.assign(proto.input().begin(), proto.input().end());
  node.outputs.assign(proto.output().begin(), proto.output().end());
  for (const onnx::AttributeProto& attribute : proto.attribute()) {
    std::vector<std::int64_t>& values = node.attributes[attribute.name()];
    if (attribute.type() == onnx::AttributeProto::INT) {
      values = {attribute.i()};
    } else {
      values.assign(attribute.ints().begin(), attribute.ints().end());
    }
  }
  return node;
}

std::vector<std::string> sides_of(const onnx::ValueInfoProto& value) {
  std::vector<std::string> sides;
  for (const auto& side : value.type().tensor_type().shape().dim()) {
    sides.push_back(side.has_dim_value() ? std::to_string(side.dim_value()) : side.dim_param());
  }
  return sides;
}

template <typename Number>
std::vector<Number> numbers(const std::string& raw) {
  std::vector<Number> values(raw.size() / sizeof(Number));
  std::memcpy(values.data(), raw.data(), values.size() * sizeof(Number));
  return values;
}

}  // namespace

std::vector<float> OnnxTensor::floats() const {
  return type == onnx::TensorProto::FLOAT ? numbers<float>(raw) : std::vector<float>();
}

std::vector<std::int64_t> OnnxTensor::integers() const {
  return type == onnx::TensorProto::INT64 ? numbers<std::int64_t>(raw)
                                          : std::vector<std::int64_t>();
}

const OnnxNode& OnnxFile::maker_of(const std::string& value) const {
  for (const OnnxNode& node : nodes) {
    for (const std::string& output : node.outputs) {
      if (output == value) return node;
    }
  }
  fail("nothing makes " + value);
}

OnnxFile read_onnx(std::string_view bytes) {
  onnx::ModelProto model;
  if (!model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) fail("no model");
  onnx::checker::check_model(model);
  onnx::ModelProto inferred = model;
  onnx::shape_inference::InferShapes(inferred, onnx::OpSchemaRegistry::Instance(),
                                     onnx::ShapeInferenceOptions(true, 1, false));
  OnnxFile file;
  file.ir_version = model.ir_version();
  file.opset = model.opset_import(0).version();
  file.producer = model.producer_name() + ' ' + model.producer_version();
  file.graph_name = model.graph().name();
  for (const auto& entry : model.metadata_props()) file.metadata[entry.key()] = entry.value();
  for (const auto& node : model.graph().node()) file.nodes.push_back(to_node(node));
  for (const auto& tensor : model.graph().initializer()) {
    file.constants[tensor.name()] = {
        {tensor.dims().begin(), tensor.dims().end()}, tensor.data_type(), tensor.raw_data()};
  }
  for (const auto& value : model.graph().input()) file.inputs[value.name()] = sides_of(value);
  for (const auto& value : model.graph().output()) file.outputs[value.name()] = sides_of(value);
  return file;
}

}  // namespace facet::detail::testing
