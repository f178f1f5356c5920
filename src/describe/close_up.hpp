// SPDX-License-Identifier: Apache-2.0
// Full detail of faces that a reduced photo shows too small.
#pragma once

#include <span>
#include <vector>

#include "describe/aligner.hpp"
#include "facet/image.hpp"
#include "format/face_pose.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

// A face as its photo's file shows it.
struct CloseUp {
  Image image;    // empty where the photo at hand shows as much as ANet can see
  FacePose pose;  // in it
};

// Of neighbouring faces of one photo; its file is read once for all of them. Throws
// Error(unreadable).
std::vector<CloseUp> close_ups(std::span<const FaceInPhoto> faces, std::span<const FacePose> poses,
                               const PatchSettings& settings);

}  // namespace facet::detail
