// SPDX-License-Identifier: Apache-2.0
// From a face's pose to its box.
#pragma once

#include <array>

#include "facet/box.hpp"
#include "format/face_pose.hpp"

namespace facet::detail {

// In heights of the pose: how far the box's centre lies to the right of the pose's and below it, as
// the face sees it, the width and the height of an upright face's box.
using PoseBox = std::array<float, 4>;

// The box turns with the face: of one that lies on its side it is wider than high.
Box box_of_pose(const FacePose& pose, const PoseBox& numbers);

}  // namespace facet::detail
