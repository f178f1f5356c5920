// SPDX-License-Identifier: Apache-2.0
#include "describe/pose_box.hpp"

#include <cmath>

namespace facet::detail {

Box box_of_pose(const FacePose& pose, const PoseBox& numbers) {
  const auto [dx, dy, width, height] = numbers;
  const float cosine = std::cos(pose.angle);
  const float sine = std::sin(pose.angle);
  const float centre_x = pose.centre_x + (cosine * dx - sine * dy) * pose.height;
  const float centre_y = pose.centre_y + (sine * dx + cosine * dy) * pose.height;
  // Of an ellipse that turns: hardly another size at small angles, the sides change over at 90°.
  const float across = std::hypot(cosine * width, sine * height) * pose.height;
  const float down = std::hypot(sine * width, cosine * height) * pose.height;
  return {centre_x - across / 2, centre_y - down / 2, across, down};
}

}  // namespace facet::detail
