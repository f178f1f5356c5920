// SPDX-License-Identifier: Apache-2.0
// A head that tells faces from what merely looks like one (ModelParts::face_check).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/model_parts.hpp"

namespace facet::detail {

// What ANet sees of boxes.
class FaceCheckExamples {
 public:
  // Feature vectors of one photo, `size` numbers each; says how many. Those of one `photo` stay
  // together where some photos are left out.
  std::size_t add(std::span<const float> features, std::size_t size, bool faces, int photo);

  std::vector<float> values;         // examples × size
  std::vector<std::int8_t> is_face;  // 1 or 0
  std::vector<int> photos;
};

struct FaceCheckFit {
  Head head;  // its only attribute: "face"; the layer is still to be named
  // Counted by heads that had not seen the photo.
  int faces = 0;
  int faces_doubted = 0;  // more likely none
  int empty = 0;
  int empty_trusted = 0;  // more likely a face
};

// The head's odds are those of a face where faces and places without one are as many. Throws
// Error(invalid_argument) where one of both is missing.
FaceCheckFit fit_face_check(const FaceCheckExamples& examples, double cost);

}  // namespace facet::detail
