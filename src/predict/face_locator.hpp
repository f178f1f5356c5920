// SPDX-License-Identifier: Apache-2.0
// Finds faces as a model is shipped to: LNet says where about, the aligner where exactly.
//
//   photo ─► search ─► LNet's boxes ─► aligner ─► poses ─► boxes
//              ▲ in doubt: ANet's word (face_check.hpp)
//
// LNet's boxes jump from one size and place of its grid to the next when a photo is cropped or
// resized a little. A pose does not, so the box is drawn around the pose where the model knows how
// (AlignmentSettings::box).
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "describe/aligner.hpp"
#include "describe/describer.hpp"
#include "facet/image.hpp"
#include "facet/model.hpp"
#include "facet/precision.hpp"
#include "image/heat_map.hpp"
#include "localise/face_search.hpp"
#include "localise/localiser.hpp"
#include "predict/face_check.hpp"

namespace facet::detail {

// Not thread-safe (scratch memory); one a thread.
class FaceLocator {
 public:
  explicit FaceLocator(std::shared_ptr<const Model> model, Precision precision = Precision::fp32);
  FaceLocator(const FaceLocator&) = delete;  // its parts refer to each other
  FaceLocator& operator=(const FaceLocator&) = delete;

  // As search_faces(), strongest first; two boxes that turn out to be one face are one. Those below
  // the request's threshold only with `weak`, or with request.at_least_one the strongest.
  std::vector<ScoredBox> locate(const ImageView& photo, const SearchRequest& request, bool weak);

  // The evidence of all scales, at most so many cells a side.
  HeatMap evidence(const ImageView& photo, float min_face, int longest_side);

  [[nodiscard]] const Localiser& localiser() const { return localiser_; }

  // ANet, made when it is first asked for. Throws Error(bad_model) where the model has none.
  Describer& describer();

 private:
  std::shared_ptr<const Model> model_;
  Precision precision_;
  Localiser localiser_;
  std::optional<Describer> describer_;
  std::unique_ptr<FaceCheck> check_;  // where the model has one
  std::optional<Aligner> aligner_;    // where the model has one that draws boxes
};

}  // namespace facet::detail
