// SPDX-License-Identifier: Apache-2.0
// OpenCV's Haar cascade for frontal faces (Viola and Jones; Debian's opencv-data).
#pragma once

#include <opencv2/objdetect.hpp>
#include <string>

#include "peer_detector.hpp"

namespace facet::bench {

class HaarDetector final : public PeerDetector {
 public:
  // Throws Error(not_found) where the cascade cannot be read.
  explicit HaarDetector(const std::string& cascade_file);
  // At the defaults (scale factor 1.1, three neighbours), faces from 24 pixels. A box is accepted
  // where it passed all stages; those that failed one of the last few rank below them.
  std::vector<FoundBox> find(const Image& photo) override;

 private:
  cv::CascadeClassifier cascade_;
  int stages_ = 0;
};

}  // namespace facet::bench
