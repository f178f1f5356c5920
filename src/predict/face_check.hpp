// SPDX-License-Identifier: Apache-2.0
// Whether what LNet found is a face at all, by a linear head on ANet's features
// (ModelParts::face_check). The head was fitted to faces that LNet found in photos of people and to
// what it found where nobody is: as everything LNet knows, that comes from tags of whole photos.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "describe/describer.hpp"
#include "facet/model.hpp"
#include "facet/precision.hpp"
#include "localise/second_opinion.hpp"

namespace facet::detail {

// From the head's log odds that a box holds a face to how much LNet's evidence counts.
float weight_of_evidence(float log_odds);

// Not thread-safe; one a thread.
class FaceCheck : public SecondOpinion {
 public:
  // `model` has a face check. `describer` is made when it is first needed, and may be shared with
  // who owns it; it must outlive this.
  FaceCheck(std::shared_ptr<const Model> model, Precision precision,
            std::optional<Describer>& describer);

  // A box as wide or high as the photo is never doubted.
  std::vector<float> weights(const ImageView& photo, std::span<const ScoredBox> found) override;

 private:
  std::shared_ptr<const Model> model_;
  Precision precision_;
  std::optional<Describer>& describer_;
};

}  // namespace facet::detail
