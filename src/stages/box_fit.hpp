// SPDX-License-Identifier: Apache-2.0
// The four numbers from LNet's windows to the detector's habit of drawing boxes.
#pragma once

#include <array>
#include <span>

#include "facet/box.hpp"
#include "localise/localiser.hpp"

namespace facet::detail {

// Medians over photos, so that wrong windows and wrong boxes do not count: (dx, dy) and (sx, sy) in
// window sides. Pairs whose window centre lies outside the box are left out. Throws
// Error(invalid_argument) where none is left.
std::array<float, 4> fit_box(std::span<const Window> windows, std::span<const Box> boxes);

}  // namespace facet::detail
