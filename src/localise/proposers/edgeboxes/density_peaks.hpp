// SPDX-License-Identifier: Apache-2.0
// Which of many overlapping windows stand for a face of their own (paper 3.1, after Rodriguez and
// Laio 2014).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "facet/box.hpp"

namespace facet::detail {

// A window and its density ρ: its score by LNet's response. Less than 0 is as good as none.
struct DensePlace {
  Box window;
  float density = 0;
};

// Of each window, σ: the distance from its centre to that of the nearest one of higher density, in
// sides of the larger of the two; the densest has none higher and takes the largest distance of
// all. Of equal densities the earlier counts as higher.
std::vector<float> distances_to_denser(std::span<const DensePlace> places);

// Indices of the windows whose d = sqrt(ρ² + σ²), ρ in units of the highest, is extreme: larger
// than any window can have that lies within half a side of a denser one. Densest first.
std::vector<std::size_t> density_peaks(std::span<const DensePlace> places);

}  // namespace facet::detail
