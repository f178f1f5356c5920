// SPDX-License-Identifier: Apache-2.0
#include "opencv_engine.hpp"

namespace facet::bench {

cv::Mat to_blob(std::span<const Image> images) {
  const int sides[] = {static_cast<int>(images.size()), 3, images[0].height, images[0].width};
  cv::Mat blob(4, sides, CV_32F);
  auto* value = blob.ptr<float>();
  for (const Image& image : images) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      for (std::size_t i = channel; i < image.pixels.size(); i += 3) *value++ = image.pixels[i];
    }
  }
  return blob;
}

cv::Mat OpencvEngine::run(const cv::Mat& blob) {
  std::string shape;
  for (int i = 0; i < blob.dims; ++i) shape += std::to_string(blob.size[i]) + ' ';
  auto found = nets_.find(shape);
  if (found == nets_.end()) {
    cv::dnn::Net net = cv::dnn::readNetFromONNX(file_.string());
    net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
    found = nets_.emplace(shape, net).first;
  }
  found->second.setInput(blob);
  return found->second.forward();
}

std::string OpencvEngine::version() {
  return CV_VERSION;
}

}  // namespace facet::bench
