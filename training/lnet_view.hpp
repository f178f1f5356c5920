// SPDX-License-Identifier: Apache-2.0
// What the views that LNet learns from have in common.
#pragma once

#include <cmath>
#include <optional>

#include "augment/occlusion.hpp"
#include "augment/random.hpp"
#include "lnet_settings.hpp"
#include "pack/pack_reader.hpp"
#include "view.hpp"

namespace facet::training {
using namespace detail;

// Turns of placed faces: people tilt their heads.
constexpr float kTilt = 0.22F;

// What was drawn: a face, or none.
struct Drawn {
  std::optional<FaceInView> face = std::nullopt;
};
// Nothing where the photo that was drawn does not serve.
using MaybeDrawn = std::optional<Drawn>;

// By their shares.
template <typename Choices>
const auto& choose(const Choices& choices, Random& random) {
  float total = 0;
  for (const auto& choice : choices) total += choice.share;
  float left = random.uniform() * total;
  for (const auto& choice : choices) {
    left -= choice.share;
    if (left < 0) return choice;
  }
  return choices.back();
}

// Where a face of the photo stands in a view of it.
FaceInView face_in_view(const ViewGeometry& geometry, int side, float x, float y, float height);
// The photo's tags among the targets from `first` on; of the others nothing is known.
void set_tags(const LnetSettings& settings, const PackedPhoto& photo, int first, float* targets);
// A face is turned by `usual`, or, at times, by anything up to the hardships' tilt.
float turn_of_face(const Hardships& hardships, Random& random, float usual);
// Mostly none.
float quarter_turn(const Hardships& hardships, Random& random);

}  // namespace facet::training
