// SPDX-License-Identifier: Apache-2.0
#include "format/face_pose.hpp"

#include <gtest/gtest.h>

namespace facet::detail {
namespace {

constexpr FacePose kSeen = {100, 80, 50, 0.3F};

TEST(FacePose, WhatTrainingTeachesLeadsInferenceToTheFace) {
  for (const FacePose& face :
       {FacePose{100, 80, 50, 0.3F}, FacePose{110, 70, 60, -0.2F}, FacePose{91, 95, 41, 0.9F}}) {
    const FacePose found = moved(kSeen, pose_change(kSeen, face));
    EXPECT_NEAR(found.centre_x, face.centre_x, 1e-4);
    EXPECT_NEAR(found.centre_y, face.centre_y, 1e-4);
    EXPECT_NEAR(found.height, face.height, 1e-4);
    EXPECT_NEAR(found.angle, face.angle, 1e-6);
  }
}

TEST(FacePose, ChangesAreCountedInTheViewsHeightsAlongItsAxes) {
  // A quarter turned clockwise, the view's right is the photo's down.
  const FacePose seen = {100, 80, 50, 1.5707963F};
  const PoseChange down = pose_change(seen, {100, 105, 100, 1.5707963F});
  EXPECT_NEAR(down.dx, 0.5, 1e-6);
  EXPECT_NEAR(down.dy, 0, 1e-6);
  EXPECT_NEAR(down.log_height, 0.693147, 1e-6);
  EXPECT_EQ(down.angle, 0);
}

TEST(FacePose, AMirroredViewShowsTheFaceOnTheOtherSide) {
  const PoseChange change = mirrored({0.1F, 0.2F, 0.3F, 0.4F});
  EXPECT_EQ(change.outputs(), (std::array{-0.1F, 0.2F, 0.3F, -0.4F}));
}

}  // namespace
}  // namespace facet::detail
