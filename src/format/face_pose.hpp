// SPDX-License-Identifier: Apache-2.0
// What the aligner's network says, as training teaches it and inference reads it.
//
// It sees a square view of a photo: the pose that a face is thought to have, upright, in the
// middle, one height being side / context pixels. Its four outputs are how the face stands in that
// view.
#pragma once

#include <array>
#include <cmath>
#include <span>

namespace facet::detail {

// An upright face of this height stands at this centre once the photo is turned back by `angle`
// (radians, clockwise).
struct FacePose {
  float centre_x = 0;
  float centre_y = 0;
  float height = 0;
  float angle = 0;
};

// From the pose that a view shows to the face's own, seen in the view. The order is that of the
// network's outputs.
struct PoseChange {
  static constexpr int kOutputs = 4;

  float dx = 0;          // of the face's centre, in the view's heights, to the right
  float dy = 0;          // the same, down
  float log_height = 0;  // natural logarithm of the face's height over the view's
  float angle = 0;       // radians, clockwise

  [[nodiscard]] std::array<float, kOutputs> outputs() const { return {dx, dy, log_height, angle}; }
  static PoseChange from_outputs(std::span<const float, kOutputs> outputs) {
    return {outputs[0], outputs[1], outputs[2], outputs[3]};
  }
};

// What the network should say of a face where its view shows `seen`.
inline PoseChange pose_change(const FacePose& seen, const FacePose& face) {
  const float cosine = std::cos(seen.angle);
  const float sine = std::sin(seen.angle);
  const float x = face.centre_x - seen.centre_x;
  const float y = face.centre_y - seen.centre_y;
  return {(cosine * x + sine * y) / seen.height, (-sine * x + cosine * y) / seen.height,
          std::log(face.height / seen.height), face.angle - seen.angle};
}

// The same as a mirrored view shows it.
inline PoseChange mirrored(const PoseChange& change) {
  return {-change.dx, change.dy, change.log_height, -change.angle};
}

// Where the face stands when the network says so.
inline FacePose moved(const FacePose& seen, const PoseChange& change) {
  const float cosine = std::cos(seen.angle);
  const float sine = std::sin(seen.angle);
  return {seen.centre_x + (cosine * change.dx - sine * change.dy) * seen.height,
          seen.centre_y + (sine * change.dx + cosine * change.dy) * seen.height,
          seen.height * std::exp(change.log_height), seen.angle + change.angle};
}

}  // namespace facet::detail
