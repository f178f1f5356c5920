// SPDX-License-Identifier: Apache-2.0
// UltraFace RFB-320, a small supervised face detector, by OpenCV's DNN module.
#pragma once

#include <opencv2/dnn.hpp>
#include <string>

#include "peer_detector.hpp"

namespace facet::bench {

class UltrafaceDetector final : public PeerDetector {
 public:
  // Throws Error(not_found) where the network cannot be read.
  UltrafaceDetector(const std::string& prototxt, const std::string& caffemodel);
  // The whole photo at 320×240, as its authors run it; boxes accepted from 0.7 on.
  std::vector<FoundBox> find(const Image& photo) override;

 private:
  cv::dnn::Net network_;
  std::vector<Box> priors_;  // x and y are the centre; in parts of the photo
};

}  // namespace facet::bench
