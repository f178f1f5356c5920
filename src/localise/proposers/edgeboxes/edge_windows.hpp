// SPDX-License-Identifier: Apache-2.0
// The windows that EdgeBoxes proposes in a photo (paper 3.1).
#pragma once

#include <vector>

#include "facet/box.hpp"
#include "localise/image_halvings.hpp"
#include "localise/proposers/edgeboxes/plugin_loader.hpp"

namespace facet::detail {

constexpr int kEdgeWindows = 500;  // a photo, as in the paper

// Best first, inside the photo, none much smaller than a face of `min_face` pixels. None in photos
// too small to hold one.
std::vector<Box> edge_windows(const EdgeBoxesPlugin& plugin, ImageHalvings& photo, float min_face);

}  // namespace facet::detail
