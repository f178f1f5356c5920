// SPDX-License-Identifier: Apache-2.0
// One window a face.
#pragma once

#include <vector>

#include "localise/window.hpp"

namespace facet::detail {

// Two windows are one face where their squares overlap (intersection over union) by more than
// this, …
constexpr float kSameFaceOverlap = 0.3F;
// … or where more than this share of the smaller lies inside the larger.
constexpr float kNestedShare = 0.6F;

// Sorts by score, strongest first (of equals the larger, then the upper, then the left one), drops
// every window that is one face with a stronger one, and keeps at most `max_windows`.
void suppress_duplicates(std::vector<Window>& windows, int max_windows);

}  // namespace facet::detail
