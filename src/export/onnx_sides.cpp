// SPDX-License-Identifier: Apache-2.0
#include "export/onnx_sides.hpp"

#include <onnx/onnx_pb.h>

#include <fstream>
#include <limits>
#include <set>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

int side_of(const onnx::TensorShapeProto_Dimension& dimension) {
  if (!dimension.has_dim_value()) return 0;
  const std::int64_t value = dimension.dim_value();
  return value > 0 && value <= std::numeric_limits<int>::max() ? static_cast<int>(value) : 0;
}

}  // namespace

OnnxSides read_onnx_sides(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(ErrorCode::io, file.string() + ": cannot be read");
  onnx::ModelProto model;
  if (!model.ParseFromIstream(&stream) || model.graph().node().empty()) {
    throw Error(ErrorCode::bad_model, file.string() + ": is no ONNX model");
  }
  // Old files list their weights among the inputs.
  std::set<std::string> weights;
  for (const auto& weight : model.graph().initializer()) weights.insert(weight.name());
  std::vector<const onnx::ValueInfoProto*> inputs;
  for (const auto& input : model.graph().input()) {
    if (!weights.contains(input.name())) inputs.push_back(&input);
  }
  if (inputs.size() != 1) {
    throw Error(ErrorCode::unsupported, file.string() + ": takes " + std::to_string(inputs.size()) +
                                            " inputs; one, of pictures, is needed");
  }
  const auto& shape = inputs.front()->type().tensor_type().shape();
  if (shape.dim_size() != 4) {
    throw Error(ErrorCode::unsupported, file.string() + ": input " + inputs.front()->name() +
                                            " has " + std::to_string(shape.dim_size()) +
                                            " sides; pictures, N×C×H×W, are needed");
  }
  OnnxSides sides{inputs.front()->name(),
                  side_of(shape.dim(1)),
                  side_of(shape.dim(2)),
                  side_of(shape.dim(3)),
                  {}};
  for (const auto& output : model.graph().output()) sides.outputs.push_back(output.name());
  return sides;
}

}  // namespace facet::detail
