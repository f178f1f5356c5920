// SPDX-License-Identifier: Apache-2.0
// A way of finding faces: who proposes the windows that LNet looks at (paper 3.1).
#pragma once

#include <vector>

#include "localise/image_halvings.hpp"
#include "localise/look.hpp"
#include "localise/window.hpp"

namespace facet::detail {

// What is wanted of a photo.
struct FaceRequest {
  float min_face = 0;         // height in pixels of the smallest face looked for
  int most = 1;               // faces, the strongest
  bool at_least_one = false;  // the strongest window whatever its score
  Look look = Look::exact;
};

// Holds scratch memory: one a thread.
class Proposer {
 public:
  Proposer() = default;
  virtual ~Proposer() = default;
  Proposer(const Proposer&) = delete;
  Proposer& operator=(const Proposer&) = delete;

  // Strongest first, of any score that is worth a look, inside the photo. From which score a box is
  // a face is a setting of the model; scores of one proposer say nothing about another's.
  virtual std::vector<ScoredBox> boxes(ImageHalvings& photo, const FaceRequest& request) = 0;
};

}  // namespace facet::detail
