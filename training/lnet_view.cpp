// SPDX-License-Identifier: Apache-2.0
#include "lnet_view.hpp"

#include <algorithm>

namespace facet::training {

FaceInView face_in_view(const ViewGeometry& geometry, int side, float x, float y, float height) {
  const float dx = (x - geometry.centre_x) / geometry.scale;
  const float dy = (y - geometry.centre_y) / geometry.scale;
  const float cosine = std::cos(geometry.rotation);
  const float sine = std::sin(geometry.rotation);
  const float flip = geometry.mirrored ? -1.0F : 1.0F;
  const float half = static_cast<float>(side) / 2;
  return {half + flip * (cosine * dx + sine * dy), half - sine * dx + cosine * dy,
          height / geometry.scale, -flip * geometry.rotation};
}

void set_tags(const LnetSettings& settings, const PackedPhoto& photo, int first, float* targets) {
  std::fill(targets, targets + settings.targets, -1.0F);
  const auto count =
      std::min<std::size_t>(photo.labels.size(), static_cast<std::size_t>(settings.tags_used));
  for (std::size_t k = 0; k < count; ++k) targets[first + static_cast<int>(k)] = photo.labels[k];
}

float turn_of_face(const Hardships& hardships, Random& random, float usual) {
  if (hardships.tilted > 0 && random.chance(hardships.tilted)) {
    return random.uniform(-hardships.tilt, hardships.tilt);
  }
  return usual;
}

float quarter_turn(const Hardships& hardships, Random& random) {
  if (!random.chance(hardships.quarter_turns)) return 0;
  constexpr float kQuarter = 1.5707963F;
  return kQuarter * static_cast<float>(1 + random.below(3));
}

}  // namespace facet::training
