// SPDX-License-Identifier: Apache-2.0
// Mean faces of those at whom a neuron responds most (paper, section 4.3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "facet/image.hpp"

namespace facet::detail {

inline constexpr int kMeanFaceSide = 48;
inline constexpr std::size_t kMeanFacePeople = 100;   // at most, and
inline constexpr std::size_t kFewestFacePeople = 50;  // at least: nobody is to be seen in it

// Mean faces side by side, `columns` a row: one a neuron, of the people at whom it responds most,
// each by one photo; then that of all photos. `faces` are of kMeanFaceSide; `features` is photos ×
// neurons; `people` says who is on each photo. Throws Error(invalid_argument) for fewer than 50
// people.
Image mean_faces(std::span<const Image> faces, std::span<const float> features, std::size_t neurons,
                 std::span<const int> people, int columns);

}  // namespace facet::detail
