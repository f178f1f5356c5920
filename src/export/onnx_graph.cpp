// SPDX-License-Identifier: Apache-2.0
#include "export/onnx_graph.hpp"

#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <exception>
#include <string_view>

#include "facet/error.hpp"
#include "facet/version.hpp"

namespace facet::detail {
namespace {

constexpr std::int64_t kIrVersion = 7;  // of ONNX 1.7, which every engine in use reads
constexpr std::int64_t kOpset = 13;

void describe(onnx::ValueInfoProto& value, const std::string& name,
              const std::vector<OnnxSide>& sides) {
  value.set_name(name);
  onnx::TypeProto_Tensor& type = *value.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::FLOAT);
  onnx::TensorShapeProto& shape = *type.mutable_shape();
  for (const OnnxSide& side : sides) {
    onnx::TensorShapeProto_Dimension& dimension = *shape.add_dim();
    if (const auto* fixed = std::get_if<std::int64_t>(&side)) {
      dimension.set_dim_value(*fixed);
    } else {
      dimension.set_dim_param(std::get<std::string>(side));
    }
  }
}

template <typename Number>
void fill(onnx::TensorProto& tensor, const std::string& name, onnx::TensorProto::DataType type,
          std::span<const std::int64_t> shape, std::span<const Number> values) {
  tensor.set_name(name);
  tensor.set_data_type(type);
  for (const std::int64_t side : shape) tensor.add_dims(side);
  tensor.set_raw_data(values.data(), values.size_bytes());
}

// The library's messages have several lines.
std::string in_one_line(std::string_view text) {
  std::string line;
  for (const char letter : text) {
    const bool space = letter == '\n' || letter == '\r' || letter == '\t' || letter == ' ';
    if (!space) {
      line += letter;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

}  // namespace

OnnxGraph::OnnxGraph(const std::string& name) : model_(std::make_unique<onnx::ModelProto>()) {
  model_->set_ir_version(kIrVersion);
  model_->set_producer_name("facet");
  model_->set_producer_version(library_version());
  onnx::OperatorSetIdProto& opset = *model_->add_opset_import();
  opset.set_domain("");
  opset.set_version(kOpset);
  model_->mutable_graph()->set_name(name);
}
OnnxGraph::~OnnxGraph() = default;
OnnxGraph::OnnxGraph(OnnxGraph&&) noexcept = default;
OnnxGraph& OnnxGraph::operator=(OnnxGraph&&) noexcept = default;

void OnnxGraph::add_input(const std::string& name, const std::vector<OnnxSide>& shape) {
  describe(*model_->mutable_graph()->add_input(), name, shape);
}

void OnnxGraph::add_output(const std::string& name, const std::vector<OnnxSide>& shape) {
  describe(*model_->mutable_graph()->add_output(), name, shape);
}

std::string OnnxGraph::add_floats(const std::string& name, const std::vector<std::int64_t>& shape,
                                  std::span<const float> values) {
  fill(*model_->mutable_graph()->add_initializer(), name, onnx::TensorProto::FLOAT, shape, values);
  return name;
}

std::string OnnxGraph::add_integers(const std::string& name,
                                    const std::vector<std::int64_t>& values) {
  const std::int64_t size = static_cast<std::int64_t>(values.size());
  fill(*model_->mutable_graph()->add_initializer(), name, onnx::TensorProto::INT64, {&size, 1},
       std::span<const std::int64_t>(values));
  return name;
}

std::string OnnxGraph::add_node(const std::string& operation,
                                const std::vector<std::string>& inputs, const std::string& output,
                                const std::vector<OnnxAttribute>& attributes) {
  onnx::NodeProto& node = *model_->mutable_graph()->add_node();
  node.set_name(output);
  node.set_op_type(operation);
  for (const std::string& input : inputs) node.add_input(input);
  node.add_output(output);
  for (const OnnxAttribute& attribute : attributes) {
    onnx::AttributeProto& one = *node.add_attribute();
    one.set_name(attribute.name);
    if (attribute.is_list) {
      one.set_type(onnx::AttributeProto::INTS);
      for (const std::int64_t value : attribute.values) one.add_ints(value);
    } else {
      one.set_type(onnx::AttributeProto::INT);
      one.set_i(attribute.values.at(0));
    }
  }
  return output;
}

std::string OnnxGraph::model(const std::map<std::string, std::string>& metadata) const {
  onnx::ModelProto whole = *model_;
  for (const auto& [key, value] : metadata) {
    onnx::StringStringEntryProto& entry = *whole.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  }
  try {
    onnx::checker::check_model(whole);
    // Strict, on a copy: the file itself keeps to the shapes that callers need.
    onnx::ModelProto inferred = whole;
    onnx::shape_inference::InferShapes(inferred, onnx::OpSchemaRegistry::Instance(),
                                       onnx::ShapeInferenceOptions(true, 1, false));
  } catch (const std::exception& error) {
    throw Error(ErrorCode::unsupported, "graph " + whole.graph().name() +
                                            " is refused by ONNX: " + in_one_line(error.what()));
  }
  return whole.SerializeAsString();
}

}  // namespace facet::detail
