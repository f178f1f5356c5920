// SPDX-License-Identifier: Apache-2.0
// OpenCV's DNN module on exported networks.
#pragma once

#include <filesystem>
#include <map>
#include <opencv2/dnn.hpp>
#include <span>
#include <string>
#include <utility>

#include "facet/image.hpp"

namespace facet::bench {

// N×3×H×W, 0…255: what exported networks read.
cv::Mat to_blob(std::span<const Image> images);

// A network of its own for each shape of input: setting another shape lays out all its layers anew.
class OpencvEngine {
 public:
  explicit OpencvEngine(std::filesystem::path file) : file_(std::move(file)) {}

  // N×C×H×W.
  cv::Mat run(const cv::Mat& blob);

  static std::string version();

 private:
  std::filesystem::path file_;
  std::map<std::string, cv::dnn::Net> nets_;
};

}  // namespace facet::bench
