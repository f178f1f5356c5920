// SPDX-License-Identifier: Apache-2.0
// Photos of faces made hard one way at a time: light, colour, turns, things before the face, the
// frame cutting it, drawings.
#pragma once

#include <string>
#include <vector>

#include "evaluate/photo_variants.hpp"

namespace facet::detail {

struct RobustnessVariant {
  std::string name;  // "dark-0.3"
  // Share of faces, in percent, that we mean to find.
  double goal = 95;
  // Whether what is left of the face shows its attributes: then they are to stay the same.
  bool attributes_seen = true;
};

// Of all kinds, in the order of the report; the first, "unchanged", is what others are compared
// with.
const std::vector<RobustnessVariant>& robustness_variants();

// The photo changed so; box of the dominant face alone. Random choices (colours of cloth, noise)
// depend on the photo's name alone. A turned photo keeps its size, turned clockwise about its face
// (quarter turns: the whole photo, sides exchanged), and its box is upright: as large as the
// face's, around its centre. Throws Error(invalid_argument) for an unknown variant or where no face
// is listed.
ListedPhoto make_hard(const ListedPhoto& photo, const std::string& variant,
                      const std::string& name);

// Whether a box stands for that face, however it is turned: its centre within 0.4 heights of the
// face's, and its mean side at most twice or half the face's.
bool stands_for(const Box& found, const Box& face);

}  // namespace facet::detail
