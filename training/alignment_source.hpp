// SPDX-License-Identifier: Apache-2.0
// Views of aligned faces, shifted, scaled and turned at random, with what would undo it.
#pragma once

#include <vector>

#include "face_source.hpp"
#include "format/face_pose.hpp"
#include "recipe/face_crop.hpp"
#include "sample_source.hpp"

namespace facet::training {

// How a face is shown that the aligner is to turn upright.
struct MisalignmentSettings {
  AlignerView view;         // as in the model that is made of it
  float shift = 0.12F;      // of the view's centre, standard deviation in face heights
  float size_ratio = 1.3F;  // face height × or ÷ up to this
  float rotation = 0.6F;    // radians, up to
};

// Targets are the outputs of format/face_pose.hpp. The faces of the pack all stand at its constant
// window: aligned photos.
class AlignmentSource : public SampleSource {
 public:
  AlignmentSource(FacePack faces, std::uint64_t seed, MisalignmentSettings settings);
  [[nodiscard]] Batch draw(std::int64_t step, int size) const override;
  [[nodiscard]] std::int64_t epoch_size() const override;
  [[nodiscard]] int outputs() const override { return PoseChange::kOutputs; }

 private:
  FacePack faces_;
  std::uint64_t seed_;
  MisalignmentSettings settings_;
  EpochOrder order_;
};

}  // namespace facet::training
