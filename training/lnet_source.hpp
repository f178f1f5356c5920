// SPDX-License-Identifier: Apache-2.0
// Samples for LNet_o and LNet_s (paper 3.1): photos with tags, where a face may be anywhere.
//
// Nothing here knows where a face is: aligned photos and scenes are composed at random places
// and sizes, but only the tags are targets; on whole frames LNet's own windows of the round before
// are all there is. Views are made hard at random as photos are: see Hardships.
#pragma once

#include <vector>

#include "frame_views.hpp"
#include "sample_source.hpp"
#include "scene_views.hpp"

namespace facet::training {

class LnetSource : public SampleSource {
 public:
  LnetSource(std::vector<AlignedPack> aligned, std::vector<FramePack> frames,
             std::vector<BackgroundPack> backgrounds, std::uint64_t seed, LnetSettings settings);
  [[nodiscard]] Batch draw(std::int64_t step, int size) const override;
  [[nodiscard]] std::int64_t epoch_size() const override { return settings_.epoch; }
  [[nodiscard]] int outputs() const override { return settings_.targets; }

 private:
  MaybeDrawn draw_kind(std::size_t kind, Random& random, std::uint8_t* view, float* targets) const;
  void make_hard(const Drawn& drawn, Random& random, std::uint8_t* view) const;

  SceneViews scenes_;
  FrameViews frames_;
  std::uint64_t seed_;
  LnetSettings settings_;
};

}  // namespace facet::training
