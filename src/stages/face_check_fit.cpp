// SPDX-License-Identifier: Apache-2.0
#include "stages/face_check_fit.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "facet/error.hpp"
#include "teach/calibration.hpp"
#include "teach/linear_svm.hpp"

namespace facet::detail {
namespace {

constexpr int kFolds = 5;

float score_of(const SvmFeatures::Plane& plane, std::span<const float> features) {
  return std::inner_product(plane.weight.begin(), plane.weight.end(), features.begin(), plane.bias);
}

}  // namespace

std::size_t FaceCheckExamples::add(std::span<const float> features, std::size_t size, bool faces,
                                   int photo) {
  const std::size_t count = features.size() / size;
  values.insert(values.end(), features.begin(), features.end());
  is_face.insert(is_face.end(), count, faces ? 1 : 0);
  photos.insert(photos.end(), count, photo);
  return count;
}

FaceCheckFit fit_face_check(const FaceCheckExamples& examples, double cost) {
  const std::size_t count = examples.is_face.size();
  FaceCheckFit fit;
  fit.faces = static_cast<int>(std::count(examples.is_face.begin(), examples.is_face.end(), 1));
  fit.empty = static_cast<int>(count) - fit.faces;
  if (fit.faces == 0 || fit.empty == 0) {
    throw Error(ErrorCode::invalid_argument,
                "a face check needs faces and places without one, and has " +
                    std::to_string(fit.faces) + " and " + std::to_string(fit.empty));
  }
  const std::size_t size = examples.values.size() / count;
  const SvmFeatures features(examples.values, static_cast<int>(size));
  const auto of_example = [&](std::size_t i) {
    return std::span(examples.values).subspan(i * size, size);
  };
  // Scores by planes that have not seen the photo calibrate the one that has seen all.
  std::vector<float> scores(count);
  for (int fold = 0; fold < kFolds; ++fold) {
    std::vector<std::int8_t> targets = examples.is_face;
    for (std::size_t i = 0; i < count; ++i) {
      if (examples.photos[i] % kFolds == fold) targets[i] = -1;
    }
    const SvmFeatures::Plane plane = features.train(targets, cost);
    for (std::size_t i = 0; i < count; ++i) {
      if (targets[i] < 0) scores[i] = score_of(plane, of_example(i));
    }
  }
  Logistic logistic = fit_logistic(scores, examples.is_face);
  logistic.b -= std::log(static_cast<float>(fit.faces) / static_cast<float>(fit.empty));
  for (std::size_t i = 0; i < count; ++i) {
    const bool trusted = logistic.a * scores[i] + logistic.b > 0;
    if (examples.is_face[i] == 1 && !trusted) ++fit.faces_doubted;
    if (examples.is_face[i] == 0 && trusted) ++fit.empty_trusted;
  }
  SvmFeatures::Plane plane = features.train(examples.is_face, cost);
  Head& head = fit.head;
  head.name = "face_check";
  head.attributes = {"face"};
  head.weight = std::move(plane.weight);
  head.bias = {plane.bias};
  head.calibration_a = {logistic.a};
  head.calibration_b = {logistic.b};
  head.threshold = {0.5F};
  head.threshold_balanced = {0.5F};
  return fit;
}

}  // namespace facet::detail
