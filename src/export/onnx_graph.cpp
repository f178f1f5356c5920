// SPDX-License-Identifier: Apache-2.0
#include "export/onnx_graph.hpp"

#include <bit>
#include <string_view>

namespace facet::detail {
namespace {

static_assert(std::endian::native == std::endian::little, "ONNX stores raw tensors little-endian");

constexpr std::int64_t ir_version = 7;  // ONNX 1.8, the first release with opset 13
constexpr std::int64_t opset_version = 13;

// Field numbers of onnx.proto.
namespace model_field {
constexpr int ir_version = 1, producer_name = 2, graph = 7, opset_import = 8, metadata = 14;
}
namespace opset_field {
constexpr int domain = 1, version = 2;
}
namespace entry_field {
constexpr int key = 1, value = 2;
}
namespace graph_field {
constexpr int node = 1, name = 2, initializer = 5, input = 11, output = 12;
}
namespace node_field {
constexpr int input = 1, output = 2, name = 3, operation = 4, attribute = 5;
}
namespace attribute_field {
constexpr int name = 1, integer = 3, integers = 8, type = 20;
constexpr std::int64_t type_integer = 2, type_integers = 7;
}  // namespace attribute_field
namespace tensor_field {
constexpr int dims = 1, data_type = 2, name = 8, raw_data = 9;
}
namespace value_field {
constexpr int name = 1, type = 2;
constexpr int tensor_type = 1;                   // of a type
constexpr int element_type = 1, shape = 2;       // of a tensor type
constexpr int dim = 1;                           // of a shape
constexpr int dim_value = 1, dim_parameter = 2;  // of a dim
}  // namespace value_field
constexpr std::int64_t type_float = 1, type_int64 = 7;

template <typename Number>
std::string_view raw(std::span<const Number> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

ProtobufMessage tensor(const std::string& name, const std::vector<std::int64_t>& shape,
                       std::int64_t type, std::string_view values) {
  ProtobufMessage message;
  for (const std::int64_t side : shape) message.add(tensor_field::dims, side);
  message.add(tensor_field::data_type, type);
  message.add(tensor_field::name, name);
  message.add(tensor_field::raw_data, values);
  return message;
}

ProtobufMessage float_value(const std::string& name, const std::vector<OnnxSide>& sides) {
  ProtobufMessage shape;
  for (const OnnxSide& side : sides) {
    ProtobufMessage dim;
    if (const auto* fixed = std::get_if<std::int64_t>(&side)) {
      dim.add(value_field::dim_value, *fixed);
    } else {
      dim.add(value_field::dim_parameter, std::get<std::string>(side));
    }
    shape.add(value_field::dim, dim);
  }
  ProtobufMessage tensor_type;
  tensor_type.add(value_field::element_type, type_float);
  tensor_type.add(value_field::shape, shape);
  ProtobufMessage type;
  type.add(value_field::tensor_type, tensor_type);
  ProtobufMessage value;
  value.add(value_field::name, name);
  value.add(value_field::type, type);
  return value;
}

}  // namespace

OnnxGraph::OnnxGraph(const std::string& name) {
  graph_.add(graph_field::name, name);
}

void OnnxGraph::add_input(const std::string& name, const std::vector<OnnxSide>& shape) {
  graph_.add(graph_field::input, float_value(name, shape));
}

void OnnxGraph::add_output(const std::string& name, const std::vector<OnnxSide>& shape) {
  graph_.add(graph_field::output, float_value(name, shape));
}

std::string OnnxGraph::add_floats(const std::string& name, const std::vector<std::int64_t>& shape,
                                  std::span<const float> values) {
  graph_.add(graph_field::initializer, tensor(name, shape, type_float, raw(values)));
  return name;
}

std::string OnnxGraph::add_integers(const std::string& name,
                                    const std::vector<std::int64_t>& values) {
  const std::vector<std::int64_t> shape = {static_cast<std::int64_t>(values.size())};
  graph_.add(graph_field::initializer,
             tensor(name, shape, type_int64, raw(std::span<const std::int64_t>(values))));
  return name;
}

void OnnxGraph::add_node(const std::string& operation, const std::vector<std::string>& inputs,
                         const std::string& output, const std::vector<OnnxAttribute>& attributes) {
  ProtobufMessage node;
  for (const std::string& input : inputs) node.add(node_field::input, input);
  node.add(node_field::output, output);
  node.add(node_field::name, output);
  node.add(node_field::operation, operation);
  for (const OnnxAttribute& attribute : attributes) {
    ProtobufMessage message;
    message.add(attribute_field::name, attribute.name);
    for (const std::int64_t value : attribute.values) {
      message.add(attribute.is_list ? attribute_field::integers : attribute_field::integer, value);
    }
    message.add(attribute_field::type,
                attribute.is_list ? attribute_field::type_integers : attribute_field::type_integer);
    node.add(node_field::attribute, message);
  }
  graph_.add(graph_field::node, node);
}

std::string OnnxGraph::model(const std::map<std::string, std::string>& metadata) const {
  ProtobufMessage message;
  message.add(model_field::ir_version, ir_version);
  message.add(model_field::producer_name, "facet");
  message.add(model_field::graph, graph_);
  ProtobufMessage opset;
  opset.add(opset_field::domain, "");
  opset.add(opset_field::version, opset_version);
  message.add(model_field::opset_import, opset);
  for (const auto& [key, value] : metadata) {
    ProtobufMessage entry;
    entry.add(entry_field::key, key);
    entry.add(entry_field::value, value);
    message.add(model_field::metadata, entry);
  }
  return std::string(message.bytes());
}

}  // namespace facet::detail
