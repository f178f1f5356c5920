// SPDX-License-Identifier: Apache-2.0
// Samples for LNet_o and LNet_s (paper 3.1): photos with tags, where a face may be anywhere.
//
// Nothing here knows where a face is: aligned photos and scenes are composed at random places
// and sizes, but only the tags are targets; on whole frames LNet's own windows of the round before
// are all there is. Views are made hard at random as photos are: see Hardships.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "occlusion.hpp"
#include "pack/pack_reader.hpp"
#include "random.hpp"
#include "sample_source.hpp"
#include "view.hpp"
#include "window_list.hpp"

namespace facet::training {
using namespace detail;

// Aligned photos, whose faces all have about this centre and height, to be placed into scenes.
struct AlignedPack {
  std::shared_ptr<const Pack> pack;
  float face_x = 0;
  float face_y = 0;
  float face_height = 0;
  float share = 1;       // of the placed samples
  int first_target = 0;  // where its attributes begin among the targets
};

// Photos as they are, with windows found by the last LNet.
struct FramePack {
  std::shared_ptr<const Pack> pack;
  WindowList windows;
  float share = 1;
  int first_target = 0;
};

// Photos without people: all tags −1.
struct BackgroundPack {
  std::shared_ptr<const Pack> pack;
  WindowList alarms = {};  // what the last LNet took for faces there
  float share = 1;
};

// Chances that a view is made hard, whether it shows a face or not.
struct Hardships {
  float light = 0;          // see change_light()
  float rendering = 0;      // see change_rendering()
  float hidden = 0;         // a part of the face is covered
  float close_up = 0;       // the photo ends within the face, or just around it
  float tilted = 0;         // faces: turned by anything up to `tilt`
  float tilt = 0.87F;       // radians
  float quarter_turns = 0;  // backgrounds: turned by 90, 180 or 270°, as further looks see them
  float far = 0;  // backgrounds: seen whole and small, as a face as large as they are would be
};

struct LnetMix {               // shares of the samples; they need not sum to 1
  float placed = 0.6F;         // aligned photos in scenes
  float placed_scene = 0.12F;  // scenes in scenes: a pasted border is no face
  float scene = 0.28F;         // empty scenes
  float window = 0;            // frames around the strongest window
  float away = 0;              // frames away from every strong window, or at a very different scale
  float alarm = 0;             // scenes around LNet's own false alarms
  float off_size = 0;  // frames around the strongest window at a clearly wrong size: no face
                       // of LNet's size, so that the evidence peaks at the right one
};

struct LnetSettings {
  int side = 128;
  float face_height = 40;       // pixels in the view
  float size_ratio = 1.19F;     // placed faces: height × or ÷ up to this
  float window_ratio = 1.12F;   // windows: the same around the size found
  float place_share = 0.9F;     // placed faces: centre anywhere in this share of the view
  float window_share = 0.6F;    // windows: the same
  float strong_share = 0.3F;    // windows above this share of the strongest are kept clear of
  float off_size_ratio = 1.6F;  // a size this many times too small or too large is clearly wrong
  float off_size_evidence = 3;  // … around windows of at least this evidence
  int targets = 80;
  int epoch = 20000;
  int tags_used = 40;  // tags used of each collection (rows of comparison)
  LnetMix mix;
  Hardships hardships;
};

class LnetSource : public SampleSource {
 public:
  LnetSource(std::vector<AlignedPack> aligned, std::vector<FramePack> frames,
             std::vector<BackgroundPack> backgrounds, std::uint64_t seed, LnetSettings settings);
  [[nodiscard]] Batch draw(std::int64_t step, int size) const override;
  [[nodiscard]] std::int64_t epoch_size() const override { return settings_.epoch; }
  [[nodiscard]] int outputs() const override { return settings_.targets; }

 private:
  // A photo as it is, and what the last LNet found in it.
  struct Frame {
    const PackedPhoto* photo;
    const std::vector<FoundWindow>* windows;
    int first_target;
  };
  // None where the photo drawn has no windows.
  [[nodiscard]] std::optional<Frame> pick_frame(Random& random) const;
  // Whether the view holds a strong window whose size is within `size_ratio` of LNet's face there.
  [[nodiscard]] bool shows_strong_window(const Frame& frame, const ViewGeometry& geometry,
                                         float size_ratio) const;

  // What was drawn: nothing where the photo drawn does not serve; a face, or none.
  struct Drawn {
    std::optional<FaceInView> face = std::nullopt;
  };
  using MaybeDrawn = std::optional<Drawn>;

  [[nodiscard]] float turn_of_face(Random& random, float usual) const;
  [[nodiscard]] float quarter_turn(Random& random) const;
  Drawn draw_scene(Random& random, std::uint8_t* view) const;
  Drawn draw_placed(Random& random, std::uint8_t* view, float* targets) const;
  Drawn draw_placed_scene(Random& random, std::uint8_t* view) const;
  MaybeDrawn draw_window(Random& random, std::uint8_t* view, float* targets) const;
  MaybeDrawn draw_away(Random& random, std::uint8_t* view) const;
  MaybeDrawn draw_off_size(Random& random, std::uint8_t* view) const;
  MaybeDrawn draw_alarm(Random& random, std::uint8_t* view) const;
  MaybeDrawn draw_kind(std::size_t kind, Random& random, std::uint8_t* view, float* targets) const;
  void make_hard(const Drawn& drawn, Random& random, std::uint8_t* view) const;
  void paste(const PackedPhoto& photo, const ViewGeometry& geometry, Random& random,
             std::uint8_t* view) const;
  void set_tags(const PackedPhoto& photo, int first, float* targets) const;

  std::vector<AlignedPack> aligned_;
  std::vector<FramePack> frames_;
  struct Background {
    std::shared_ptr<const Pack> pack;
    std::vector<std::pair<const PackedPhoto*, FoundWindow>> alarms;
    float share;
  };
  std::vector<Background> backgrounds_;
  std::uint64_t seed_;
  LnetSettings settings_;
};

}  // namespace facet::training
