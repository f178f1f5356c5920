// SPDX-License-Identifier: Apache-2.0
// Views of aligned faces, shifted, scaled and turned at random, with what would undo it.
#pragma once

#include <vector>

#include "face_source.hpp"
#include "sample_source.hpp"

namespace facet::training {

struct AlignmentSettings {
  int side = 64;            // of the view
  float context = 1.2F;     // side of the view in face heights
  float shift = 0.12F;      // of the view's centre, standard deviation in face heights
  float size_ratio = 1.3F;  // face height × or ÷ up to this
  float rotation = 0.6F;    // radians, up to
};

// Targets are [dx, dy, log height, angle] of the face as the view shows it, seen from a face that
// stands upright in the view's middle and is side / context pixels high: shifts in these heights,
// the angle in radians. The faces of the pack all stand at its constant window: aligned photos.
class AlignmentSource : public SampleSource {
 public:
  AlignmentSource(FacePack faces, std::uint64_t seed, AlignmentSettings settings);
  [[nodiscard]] Batch draw(std::int64_t step, int size) const override;
  [[nodiscard]] std::int64_t epoch_size() const override;
  [[nodiscard]] int outputs() const override { return 4; }

 private:
  FacePack faces_;
  std::uint64_t seed_;
  AlignmentSettings settings_;
  EpochOrder order_;
};

}  // namespace facet::training
