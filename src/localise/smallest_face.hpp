// SPDX-License-Identifier: Apache-2.0
// How small a face is looked for where nobody says.
#pragma once

#include <algorithm>

#include "model/model_parts.hpp"

namespace facet::detail {

// People look at faces above a fortieth of a photo's long side; looking for smaller ones at the
// resolution of today's cameras would take most of the time.
constexpr float kShareOfLongSide = 0.025F;

// In pixels of a photo of that size: the model's, or kShareOfLongSide where that is more.
inline float smallest_face(const LocaliserSettings& settings, int width, int height) {
  return std::max(settings.min_face,
                  kShareOfLongSide * static_cast<float>(std::max(width, height)));
}

}  // namespace facet::detail
