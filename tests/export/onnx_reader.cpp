// SPDX-License-Identifier: Apache-2.0
#include "export/onnx_reader.hpp"

#include <cstring>
#include <stdexcept>

namespace facet::detail::testing {
namespace {

struct Field {
  int number = 0;
  std::int64_t value = 0;  // of a varint
  std::string_view bytes;  // of everything else
};

[[noreturn]] void fail(const std::string& reason) {
  throw std::runtime_error("ONNX: " + reason);
}

[[noreturn]] void unexpected(const std::string& message, const Field& field) {
  fail("field " + std::to_string(field.number) + " of a " + message);
}

std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (bytes.empty()) fail("a number is cut off");
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  fail("a number is too long");
}

std::vector<Field> fields_of(std::string_view bytes) {
  std::vector<Field> fields;
  while (!bytes.empty()) {
    const std::uint64_t tag = take_varint(bytes);
    Field field;
    field.number = static_cast<int>(tag >> 3U);
    if ((tag & 7U) == 0) {
      field.value = static_cast<std::int64_t>(take_varint(bytes));
    } else if ((tag & 7U) == 2) {
      const std::uint64_t length = take_varint(bytes);
      if (length > bytes.size()) fail("a field is cut off");
      field.bytes = bytes.substr(0, length);
      bytes.remove_prefix(length);
    } else {
      fail("wire type " + std::to_string(tag & 7U));
    }
    fields.push_back(field);
  }
  return fields;
}

void read_attribute(std::string_view bytes, OnnxNode& node) {
  std::string name;
  std::vector<std::int64_t> values;
  std::int64_t type = 0;
  for (const Field& field : fields_of(bytes)) {
    if (field.number == 1) {
      name = field.bytes;
    } else if (field.number == 3 || field.number == 8) {
      values.push_back(field.value);
    } else if (field.number == 20) {
      type = field.value;
    } else {
      unexpected("attribute", field);
    }
  }
  if (type != 2 && type != 7) fail("attribute " + name + " has type " + std::to_string(type));
  node.attributes[name] = values;
}

OnnxNode read_node(std::string_view bytes) {
  OnnxNode node;
  for (const Field& field : fields_of(bytes)) {
    switch (field.number) {
      case 1:
        node.inputs.emplace_back(field.bytes);
        break;
      case 2:
        node.outputs.emplace_back(field.bytes);
        break;
      case 3:
        node.name = field.bytes;
        break;
      case 4:
        node.operation = field.bytes;
        break;
      case 5:
        read_attribute(field.bytes, node);
        break;
      default:
        unexpected("node", field);
    }
  }
  return node;
}

void read_tensor(std::string_view bytes, std::map<std::string, OnnxTensor>& tensors) {
  OnnxTensor tensor;
  std::string name;
  for (const Field& field : fields_of(bytes)) {
    switch (field.number) {
      case 1:
        tensor.shape.push_back(field.value);
        break;
      case 2:
        tensor.type = field.value;
        break;
      case 8:
        name = field.bytes;
        break;
      case 9:
        tensor.raw = field.bytes;
        break;
      default:
        unexpected("tensor", field);
    }
  }
  if (!tensors.emplace(name, tensor).second) fail("two tensors are called " + name);
}

// The only field of a message, which must have this number.
std::string_view only_field(std::string_view bytes, int number) {
  std::string_view found;
  for (const Field& field : fields_of(bytes)) {
    if (field.number == number) found = field.bytes;
  }
  return found;
}

void read_value(std::string_view bytes, std::map<std::string, std::vector<std::string>>& values) {
  const std::string name(only_field(bytes, 1));
  const std::string_view tensor = only_field(only_field(bytes, 2), 1);
  for (const Field& dim : fields_of(only_field(tensor, 2))) {
    for (const Field& side : fields_of(dim.bytes)) {
      values[name].push_back(side.number == 1 ? std::to_string(side.value)
                                              : std::string(side.bytes));
    }
  }
}

void read_graph(std::string_view bytes, OnnxFile& file) {
  for (const Field& field : fields_of(bytes)) {
    switch (field.number) {
      case 1:
        file.nodes.push_back(read_node(field.bytes));
        break;
      case 2:
        file.graph_name = field.bytes;
        break;
      case 5:
        read_tensor(field.bytes, file.constants);
        break;
      case 11:
        read_value(field.bytes, file.inputs);
        break;
      case 12:
        read_value(field.bytes, file.outputs);
        break;
      default:
        unexpected("graph", field);
    }
  }
}

template <typename Number>
std::vector<Number> numbers(const std::string& raw) {
  std::vector<Number> values(raw.size() / sizeof(Number));
  std::memcpy(values.data(), raw.data(), values.size() * sizeof(Number));
  return values;
}

}  // namespace

std::vector<float> OnnxTensor::floats() const {
  return type == 1 ? numbers<float>(raw) : std::vector<float>();
}

std::vector<std::int64_t> OnnxTensor::integers() const {
  return type == 7 ? numbers<std::int64_t>(raw) : std::vector<std::int64_t>();
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
  OnnxFile file;
  for (const Field& field : fields_of(bytes)) {
    switch (field.number) {
      case 1:
        file.ir_version = field.value;
        break;
      case 2:
        break;  // what wrote it
      case 7:
        read_graph(field.bytes, file);
        break;
      case 8:
        for (const Field& one : fields_of(field.bytes)) {
          if (one.number == 2) file.opset = one.value;
        }
        break;
      case 14:
        file.metadata.emplace(only_field(field.bytes, 1), only_field(field.bytes, 2));
        break;
      default:
        unexpected("model", field);
    }
  }
  return file;
}

}  // namespace facet::detail::testing
