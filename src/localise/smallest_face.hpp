// SPDX-License-Identifier: Apache-2.0
// How small a face is looked for where nobody says.
#pragma once

#include <algorithm>

#include "model/model_parts.hpp"

namespace facet::detail {

// People look at faces above a fortieth of a photo's long side; looking for smaller ones at the
// resolution of today's cameras would take most of the time. A little less, so that the smallest
// of them lie between two sizes that LNet looks for, not at the first of them.
constexpr float kShareOfLongSide = 0.0235F;

// In pixels of a photo of that size: the model's, or kShareOfLongSide where that is more.
inline float smallest_face(const LocaliserSettings& settings, int width, int height) {
  return std::max(settings.min_face,
                  kShareOfLongSide * static_cast<float>(std::max(width, height)));
}

// By how much a photo's sides may be divided, 1, 2, 4 or 8, so that faces of that height are still
// seen as LNet looks at them.
inline int most_reduction(const LocaliserSettings& settings, float min_face) {
  const float seen = std::max(settings.face_height,
                              static_cast<float>(settings.refine_side) / settings.refine_context);
  int reduce = 1;
  while (reduce < 8 && min_face >= 2 * seen * static_cast<float>(reduce)) reduce *= 2;
  return reduce;
}

}  // namespace facet::detail
