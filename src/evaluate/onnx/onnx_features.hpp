// SPDX-License-Identifier: Apache-2.0
// Whole photos described by a network that is none of facet's: any ONNX model of pictures.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/plugin_file.hpp"
#include "export/onnx_sides.hpp"
#include "facet/image.hpp"

namespace facet::detail {

struct OnnxRequestedFeatures {
  std::filesystem::path file;
  std::optional<std::string> output = {};  // its name; none: the file's first
  std::optional<int> side = {};            // of pictures, where the model takes any size
  // What is fed: (value / 255 - mean) / deviation, of red, green and blue.
  std::array<float, 3> mean = {0, 0, 0};
  std::array<float, 3> deviation = {1, 1, 1};
};

// Names a file to load instead of those beside the program.
constexpr const char* kOnnxEngineVariable = "FACET_ONNX_ENGINE_PLUGIN";
std::vector<std::filesystem::path> onnx_engine_places();

// The model, read anew by each: one a thread.
class OnnxFeatures {
 public:
  // Throws Error: unsupported where the plugin that runs ONNX is missing or cannot run the model,
  // or the model takes other than RGB pictures; invalid_argument where the output is not there, or
  // pictures of any size are taken and none is asked for, or another than the model's; else as
  // read_onnx_sides().
  explicit OnnxFeatures(const OnnxRequestedFeatures& request,
                        const std::vector<std::filesystem::path>& places = onnx_engine_places());
  ~OnnxFeatures();
  OnnxFeatures(const OnnxFeatures&) = delete;
  OnnxFeatures& operator=(const OnnxFeatures&) = delete;

  // The whole photo, resized to the model's height and width: all values of the output, in their
  // order. Throws Error(unsupported) where the engine fails.
  std::vector<float> of(const Image& photo);

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] const std::string& output() const { return output_; }
  // "OpenCV 4.6.0"
  [[nodiscard]] std::string backend() const;

 private:
  struct Opened;
  OnnxRequestedFeatures request_;
  int width_ = 0;
  int height_ = 0;
  std::string output_;
  std::unique_ptr<Opened> opened_;
};

}  // namespace facet::detail
