// SPDX-License-Identifier: Apache-2.0
// Faces side by side without a gap: passport photos, video calls, cheek to cheek. LNet_o learnt
// faces with something else around them, and is silent about some of those that have another face
// for a neighbour. With the faces that were found covered up, it sees the rest.
#pragma once

#include <optional>
#include <vector>

#include "facet/box.hpp"
#include "facet/image.hpp"

namespace facet::detail {

// The part of a photo around faces that touch others, all known faces in it covered with grey.
struct CoveredPart {
  Image image;
  float x = 0;  // where it lies in the photo
  float y = 0;
  float least_height = 0;  // of a face that may be hidden there: those around it are as large
};

// True where the gap between two boxes of like size is at most a tenth of a side.
bool touch(const Box& a, const Box& b);

// Nothing where no face touches another.
std::optional<CoveredPart> cover_touching(const ImageView& photo, const std::vector<Box>& faces);

}  // namespace facet::detail
