// SPDX-License-Identifier: Apache-2.0
// What an ONNX model takes and gives, without running it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace facet::detail {

struct OnnxSides {
  std::string input;  // its name
  int channels = 0;   // 0 of a side: any
  int height = 0;
  int width = 0;
  std::vector<std::string> outputs;  // names, in the file's order
};

// Throws Error, which names the file: io where it cannot be read, bad_model where it is no ONNX
// model, unsupported where it takes anything but one batch of pictures, N×C×H×W.
OnnxSides read_onnx_sides(const std::filesystem::path& file);

}  // namespace facet::detail
