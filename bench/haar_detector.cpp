// SPDX-License-Identifier: Apache-2.0
#include "haar_detector.hpp"

#include <opencv2/imgproc.hpp>

#include "facet/error.hpp"

namespace facet::bench {
namespace {

constexpr double scale_factor = 1.1;
constexpr int neighbours = 3;
constexpr int smallest_face = 24;
constexpr float a_stage = 1000;  // more than the margins at one stage differ

int stage_count(const std::string& file) {
  const cv::FileStorage storage(file, cv::FileStorage::READ);
  return static_cast<int>(storage["cascade"]["stageNum"]);
}

}  // namespace

HaarDetector::HaarDetector(const std::string& cascade_file) {
  if (!cascade_.load(cascade_file)) {
    throw Error(ErrorCode::not_found, cascade_file + ": no cascade can be read");
  }
  stages_ = stage_count(cascade_file);
}

std::vector<FoundBox> HaarDetector::find(const Image& photo) {
  // OpenCV reads through a non-const pointer.
  const cv::Mat rgb(photo.height, photo.width, CV_8UC3,
                    const_cast<std::uint8_t*>(photo.pixels.data()));
  cv::Mat grey;
  cv::cvtColor(rgb, grey, cv::COLOR_RGB2GRAY);
  cv::equalizeHist(grey, grey);
  std::vector<cv::Rect> boxes;
  std::vector<int> stages;
  std::vector<double> margins;
  cascade_.detectMultiScale(grey, boxes, stages, margins, scale_factor, neighbours, 0,
                            {smallest_face, smallest_face}, {}, true);
  std::vector<FoundBox> found;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const cv::Rect& box = boxes[i];
    found.push_back({{static_cast<float>(box.x), static_cast<float>(box.y),
                      static_cast<float>(box.width), static_cast<float>(box.height)},
                     static_cast<float>(stages[i]) * a_stage + static_cast<float>(margins[i]),
                     stages[i] >= stages_});
  }
  return found;
}

}  // namespace facet::bench
