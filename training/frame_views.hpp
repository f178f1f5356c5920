// SPDX-License-Identifier: Apache-2.0
// Views of whole photos, around and away from what the last LNet found there.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "lnet_view.hpp"
#include "window_list.hpp"

namespace facet::training {

// Photos as they are, with windows found by the last LNet.
struct FramePack {
  std::shared_ptr<const Pack> pack;
  WindowList windows;
  float share = 1;
  int first_target = 0;
};

// Thread-safe. Draws nothing where there are no frames.
class FrameViews {
 public:
  FrameViews(std::vector<FramePack> frames, LnetSettings settings);

  MaybeDrawn draw_window(Random& random, std::uint8_t* view, float* targets) const;
  MaybeDrawn draw_away(Random& random, std::uint8_t* view) const;
  MaybeDrawn draw_off_size(Random& random, std::uint8_t* view) const;

 private:
  // A photo as it is, and what the last LNet found in it.
  struct Frame {
    const PackedPhoto* photo;
    const std::vector<FoundWindow>* windows;
    int first_target;
  };
  // None where the photo drawn has no windows.
  [[nodiscard]] std::optional<Frame> pick(Random& random) const;
  // Whether the view holds a strong window whose size is within `size_ratio` of LNet's face there.
  [[nodiscard]] bool shows_strong_window(const Frame& frame, const ViewGeometry& geometry,
                                         float size_ratio) const;

  std::vector<FramePack> frames_;
  LnetSettings settings_;
};

}  // namespace facet::training
