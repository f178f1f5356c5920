// SPDX-License-Identifier: Apache-2.0
#include "predict/face_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "heads/linear_head.hpp"
#include "model/model_access.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {
namespace {

// Chosen so that as many faces are found. With 0.3 to 0.7, at log odds of 0 or 1, 9 to 14 of 63
// faces invented in 2,544 scenes and objects were left, and 5,491 to 5,516 of 5,746 hard photos'
// faces were found, for 5,512 before; the photos were those for training and for choosing.
constexpr float kSteepness = 0.4F;
constexpr float kFills = 0.9F;    // of a side of the photo
constexpr float kNeutral = 0.5F;  // log odds at which evidence counts as it is

// Such a face is cut by the frame, which ANet takes for none.
bool fills(const Box& box, const ImageView& photo) {
  return box.width >= kFills * static_cast<float>(photo.width) ||
         box.height >= kFills * static_cast<float>(photo.height);
}

}  // namespace

float weight_of_evidence(float log_odds) {
  return std::clamp(std::exp(kSteepness * (log_odds - kNeutral)), 1 / SecondOpinion::kMostDoubt,
                    SecondOpinion::kMostTrust);
}

FaceCheck::FaceCheck(std::shared_ptr<const Model> model, Precision precision,
                     std::optional<Describer>& describer)
    : model_(std::move(model)), precision_(precision), describer_(describer) {
}

std::vector<float> FaceCheck::weights(const ImageView& photo, std::span<const ScoredBox> found) {
  if (found.empty()) return {};
  const Head& head = *parts_of(*model_).face_check;
  if (!describer_) describer_.emplace(model_, precision_);
  std::vector<FaceInPhoto> places;
  places.reserve(found.size());
  for (const ScoredBox& box : found) places.push_back({photo, box.box, box.turn});
  const std::vector<float> features = describer_->features(places, head.feature_layer);
  const std::size_t per_face = features.size() / found.size();
  std::vector<float> weights;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const float score = head_scores(head, std::span(features).subspan(i * per_face, per_face),
                                    describer_->patches_per_face())
                            .front();
    const float weight =
        weight_of_evidence(head.calibration_a.front() * score + head.calibration_b.front());
    weights.push_back(fills(found[i].box, photo) ? std::max(1.0F, weight) : weight);
  }
  return weights;
}

}  // namespace facet::detail
