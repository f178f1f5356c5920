// SPDX-License-Identifier: Apache-2.0
#include "predict/face_locator.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "describe/pose_box.hpp"
#include "localise/merge_scales.hpp"
#include "model/model_access.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {
namespace {

constexpr float kSameFace = 0.5F;  // overlap of two boxes drawn around one face
constexpr float kLeastSide = 1;    // pixels of a box inside the photo

bool draws_boxes(const ModelParts& parts) {
  return parts.aligner.has_value() && parts.alignment.box.has_value();
}

// The stronger of two boxes stands.
void drop_repeated(std::vector<ScoredBox>& faces) {
  std::vector<ScoredBox> kept;
  for (ScoredBox& face : faces) {
    const bool known = std::any_of(kept.begin(), kept.end(), [&](const ScoredBox& other) {
      return overlap(other.box, face.box) > kSameFace;
    });
    if (!known) kept.push_back(std::move(face));
  }
  faces = std::move(kept);
}

}  // namespace

FaceLocator::FaceLocator(std::shared_ptr<const Model> model, Precision precision)
    : model_(std::move(model)), precision_(precision), localiser_(model_, precision) {
  if (draws_boxes(parts_of(*model_))) aligner_.emplace(model_, precision);
  if (parts_of(*model_).face_check) {
    check_ = std::make_unique<FaceCheck>(model_, precision, describer_);
  }
}

Describer& FaceLocator::describer() {
  if (!describer_) describer_.emplace(model_, precision_);
  return *describer_;
}

std::vector<ScoredBox> FaceLocator::locate(const ImageView& photo, const SearchRequest& request,
                                           bool weak) {
  std::vector<ScoredBox> faces;
  for (const ScoredBox& found : search_faces(localiser_, photo, request, check_.get())) {
    const bool wanted =
        weak || found.score >= request.threshold || (request.at_least_one && faces.empty());
    if (wanted) faces.push_back(found);
  }
  if (!aligner_ || faces.empty()) return faces;
  std::vector<FaceInPhoto> places;
  for (const ScoredBox& face : faces) {
    places.push_back({photo, face.box, face.turn});
  }
  const std::vector<FacePose> poses = aligner_->align(places);
  const auto& numbers = *parts_of(*model_).alignment.box;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const Box box = clip(box_of_pose(poses[i], numbers), static_cast<float>(photo.width),
                         static_cast<float>(photo.height));
    if (box.width >= kLeastSide && box.height >= kLeastSide) faces[i].box = box;
  }
  drop_repeated(faces);
  return faces;
}

HeatMap FaceLocator::evidence(const ImageView& photo, float min_face, int longest_side) {
  const std::vector<ScaleMap> scales = localiser_.maps(photo, min_face);
  return merge_scales(scales, parts_of(*model_).localiser.stride, photo.width, photo.height,
                      longest_side);
}

}  // namespace facet::detail
