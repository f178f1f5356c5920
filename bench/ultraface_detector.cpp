// SPDX-License-Identifier: Apache-2.0
#include "ultraface_detector.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "facet/error.hpp"

namespace facet::bench {
namespace {

constexpr int input_width = 320;
constexpr int input_height = 240;
constexpr float centre_variance = 0.1F;
constexpr float size_variance = 0.2F;
constexpr float least_score = 0.05F;  // weaker boxes change no figure
constexpr float own_threshold = 0.7F;
constexpr float same_face_overlap = 0.3F;

struct PriorGrid {
  int stride;
  std::vector<float> sides;
};

std::vector<Box> make_priors() {
  const std::array<PriorGrid, 4> grids = {
      {{8, {10, 16, 24}}, {16, {32, 48}}, {32, {64, 96}}, {64, {128, 192, 256}}}};
  std::vector<Box> priors;
  for (const PriorGrid& grid : grids) {
    const int rows = (input_height + grid.stride - 1) / grid.stride;
    const int columns = (input_width + grid.stride - 1) / grid.stride;
    const float step_x = static_cast<float>(grid.stride) / input_width;
    const float step_y = static_cast<float>(grid.stride) / input_height;
    for (int y = 0; y < rows; ++y) {
      for (int x = 0; x < columns; ++x) {
        for (const float side : grid.sides) {
          priors.push_back({std::min(1.0F, (static_cast<float>(x) + 0.5F) * step_x),
                            std::min(1.0F, (static_cast<float>(y) + 0.5F) * step_y),
                            std::min(1.0F, side / input_width),
                            std::min(1.0F, side / input_height)});
        }
      }
    }
  }
  return priors;
}

// Strongest first; of boxes on one face the strongest.
std::vector<FoundBox> suppress(std::vector<FoundBox> boxes) {
  std::sort(boxes.begin(), boxes.end(),
            [](const FoundBox& a, const FoundBox& b) { return a.score > b.score; });
  std::vector<FoundBox> kept;
  for (const FoundBox& box : boxes) {
    const bool known = std::any_of(kept.begin(), kept.end(), [&](const FoundBox& stronger) {
      return overlap(stronger.box, box.box) > same_face_overlap;
    });
    if (!known) kept.push_back(box);
  }
  return kept;
}

}  // namespace

UltrafaceDetector::UltrafaceDetector(const std::string& prototxt, const std::string& caffemodel)
    : priors_(make_priors()) {
  try {
    network_ = cv::dnn::readNetFromCaffe(prototxt, caffemodel);
  } catch (const cv::Exception& error) {
    throw Error(ErrorCode::not_found, caffemodel + ": no network can be read: " + error.err);
  }
  network_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
}

std::vector<FoundBox> UltrafaceDetector::find(const Image& photo) {
  // OpenCV reads through a non-const pointer.
  const cv::Mat rgb(photo.height, photo.width, CV_8UC3,
                    const_cast<std::uint8_t*>(photo.pixels.data()));
  network_.setInput(
      cv::dnn::blobFromImage(rgb, 1.0 / 128, {input_width, input_height}, {127, 127, 127}));
  std::vector<cv::Mat> outputs;
  network_.forward(outputs, std::vector<cv::String>{"boxes", "scores"});
  const auto* moves = outputs[0].ptr<float>();
  const auto* scores = outputs[1].ptr<float>();
  if (outputs[0].total() != priors_.size() * 4 || outputs[1].total() != priors_.size() * 2) {
    throw Error(ErrorCode::bad_model, "UltraFace yields another number of boxes than its priors");
  }
  const auto width = static_cast<float>(photo.width);
  const auto height = static_cast<float>(photo.height);
  std::vector<FoundBox> found;
  for (std::size_t i = 0; i < priors_.size(); ++i) {
    const float score = scores[2 * i + 1];
    if (score < least_score) continue;
    const Box& prior = priors_[i];
    const float* move = moves + 4 * i;
    const float w = prior.width * std::exp(move[2] * size_variance);
    const float h = prior.height * std::exp(move[3] * size_variance);
    const float x = prior.x + move[0] * centre_variance * prior.width - w / 2;
    const float y = prior.y + move[1] * centre_variance * prior.height - h / 2;
    const Box box = clip({x * width, y * height, w * width, h * height}, width, height);
    if (box.area() > 0) found.push_back({box, score, score >= own_threshold});
  }
  return suppress(std::move(found));
}

}  // namespace facet::bench
