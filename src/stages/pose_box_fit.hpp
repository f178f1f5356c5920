// SPDX-License-Identifier: Apache-2.0
// The four numbers from the aligner's poses to the detector's habit of drawing boxes.
#pragma once

#include <span>

#include "describe/pose_box.hpp"
#include "facet/box.hpp"
#include "facet/model.hpp"
#include "format/face_pose.hpp"
#include "stages/stage_context.hpp"

namespace facet::detail {

// Medians over photos, so that wrong poses and wrong boxes do not count. Pairs whose pose's centre
// lies outside the box are left out. Throws Error(invalid_argument) where none is left.
PoseBox fit_pose_box(std::span<const FacePose> poses, std::span<const Box> boxes);

// The same on LFWA's partition 0, at most so many photos: the model's strongest face in each.
PoseBox fit_pose_box_on_lfwa(const std::shared_ptr<const Model>& model, int most_photos,
                             const StageContext& context);

}  // namespace facet::detail
