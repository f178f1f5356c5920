// SPDX-License-Identifier: Apache-2.0
// Patches of faces for ANet (paper 3.2): tags, or pairs of one person.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "augment/random.hpp"
#include "pack/photo_view.hpp"
#include "probability_list.hpp"
#include "recipe/face_crop.hpp"
#include "sample_source.hpp"
#include "window_list.hpp"

namespace facet::training {
using namespace detail;

// What a teacher says about photos of a pack.
struct TaughtTargets {
  ProbabilityList probabilities;  // of photos that have some
  int first_target = 0;           // where they begin among the targets
  float share = 0;  // of a target that has a label, too; where there is none, they are the target
};

// A pack with the face of each photo: LNet's window where there is a list, else one constant window
// (aligned photos before LNet has seen them).
struct FacePack {
  std::shared_ptr<const Pack> pack;
  WindowList windows;
  FoundWindow constant;  // used for photos without a window when its side is > 0
  int first_target = 0;  // where its attributes begin among the targets
  int repeat = 1;        // times each photo is shown an epoch
  std::vector<TaughtTargets> taught = {};
};

// Where the photo shows its face; null where nobody knows.
const FoundWindow* window_of(const FacePack& faces, const PackedPhoto& photo);

struct FaceSettings {
  FaceCrop crop;                                   // as in the model that is made of it
  std::array<float, 4> box = {0, 0, 0.72F, 1.0F};  // from window to box, as in the model
  float shift = 1.0F;       // share of the patch offsets' range (region − patch) used
  float jitter = 0.05F;     // error of the window's place, standard deviation in window sides
  float size_ratio = 1.1F;  // window side × or ÷ up to this
  float rotation = 0.12F;   // radians, up to
  float erase = 0;          // chance that a random rectangle is replaced by noise
  // Chances that a patch looks as photos that nobody took with care (appearance.hpp), or that a
  // part of the face is covered (occlusion.hpp).
  float light = 0;
  float rendering = 0;
  float hidden = 0;
  float person_share = 0;  // see face_targets()
};

// Where a random patch of one face lies.
ViewGeometry patch_view(const FoundWindow& window, const FaceSettings& settings, Random& random);
// The patch, lit at random.
void draw_patch(const PackedPhoto& photo, const FoundWindow& window, const FaceSettings& settings,
                Random& random, std::uint8_t* view);

class FaceTagSource : public SampleSource {
 public:
  // `tags`: outputs of the network; what a pack has no attribute for is unknown there.
  FaceTagSource(std::vector<FacePack> packs, std::uint64_t seed, FaceSettings settings, int tags);
  [[nodiscard]] Batch draw(std::int64_t step, int size) const override;
  [[nodiscard]] std::int64_t epoch_size() const override;
  [[nodiscard]] int outputs() const override { return tags_; }

 private:
  struct Entry {
    const PackedPhoto* photo;
    FoundWindow window;
    std::size_t pack;
    std::size_t row;  // of the pack's targets
  };
  std::vector<FacePack> packs_;
  std::vector<std::vector<float>> targets_;  // of each pack
  std::vector<Entry> entries_;
  std::uint64_t seed_;
  FaceSettings settings_;
  int tags_;
  EpochOrder order_;
};

// Rows 2k and 2k+1 of a batch show one person; classes are people.
class IdentitySource : public SampleSource {
 public:
  // People with fewer than `min_photos` photos are left out.
  IdentitySource(FacePack faces, std::uint64_t seed, FaceSettings settings, int min_photos);
  [[nodiscard]] Batch draw(std::int64_t step, int size) const override;
  [[nodiscard]] std::int64_t epoch_size() const override { return photos_; }
  [[nodiscard]] int outputs() const override { return static_cast<int>(people_.size()); }

 private:
  FacePack faces_;
  std::vector<std::vector<const PackedPhoto*>> people_;
  std::uint64_t seed_;
  FaceSettings settings_;
  std::int64_t photos_ = 0;
  EpochOrder order_;
};

}  // namespace facet::training
