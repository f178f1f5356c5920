// SPDX-License-Identifier: Apache-2.0
// Views of photos without people, and of faces placed into them.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "lnet_view.hpp"
#include "window_list.hpp"

namespace facet::training {

// Aligned photos, whose faces all have about this centre and height, to be placed into scenes.
struct AlignedPack {
  std::shared_ptr<const Pack> pack;
  float face_x = 0;
  float face_y = 0;
  float face_height = 0;
  float share = 1;       // of the placed samples
  int first_target = 0;  // where its attributes begin among the targets
};

// Photos without people: all tags −1.
struct BackgroundPack {
  std::shared_ptr<const Pack> pack;
  WindowList alarms = {};  // what the last LNet took for faces there
  float share = 1;
};

// Thread-safe.
class SceneViews {
 public:
  // Throws std::runtime_error where there are no photos to draw from.
  SceneViews(std::vector<AlignedPack> aligned, std::vector<BackgroundPack> backgrounds,
             LnetSettings settings);

  Drawn draw_scene(Random& random, std::uint8_t* view) const;
  // A face anywhere in a scene.
  Drawn draw_placed(Random& random, std::uint8_t* view, float* targets) const;
  // A scene in a scene.
  Drawn draw_placed_scene(Random& random, std::uint8_t* view) const;
  // Around what the last LNet took for a face.
  MaybeDrawn draw_alarm(Random& random, std::uint8_t* view) const;

 private:
  struct Background {
    std::shared_ptr<const Pack> pack;
    std::vector<std::pair<const PackedPhoto*, FoundWindow>> alarms;
    float share;
  };
  std::vector<AlignedPack> aligned_;
  std::vector<Background> backgrounds_;
  LnetSettings settings_;
};

}  // namespace facet::training
