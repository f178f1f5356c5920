// SPDX-License-Identifier: Apache-2.0
#include "describe/pose_box.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace facet::detail {
namespace {

constexpr PoseBox kNumbers = {0.1F, 0.2F, 0.7F, 1.1F};
constexpr float kQuarter = 1.5707963F;

TEST(BoxOfPose, LiesWhereTheNumbersSay) {
  const Box box = box_of_pose({50, 60, 40, 0}, kNumbers);
  EXPECT_NEAR(box.centre_x(), 54, 1e-4);
  EXPECT_NEAR(box.centre_y(), 68, 1e-4);
  EXPECT_NEAR(box.width, 28, 1e-4);
  EXPECT_NEAR(box.height, 44, 1e-4);
}

TEST(BoxOfPose, TurnsWithTheFace) {
  const Box box = box_of_pose({50, 60, 40, kQuarter}, kNumbers);
  EXPECT_NEAR(box.centre_x(), 50 - 8, 1e-3);  // the chin points left
  EXPECT_NEAR(box.centre_y(), 60 + 4, 1e-3);
  EXPECT_NEAR(box.width, 44, 1e-3);
  EXPECT_NEAR(box.height, 28, 1e-3);
}

TEST(BoxOfPose, HardlyChangesWhereTheFaceTiltsALittle) {
  const Box upright = box_of_pose({50, 60, 40, 0}, {0, 0, 0.7F, 1.1F});
  for (const float angle : {-0.2F, 0.1F, 0.2F}) {
    EXPECT_GT(overlap(upright, box_of_pose({50, 60, 40, angle}, {0, 0, 0.7F, 1.1F})), 0.95F);
  }
}

}  // namespace
}  // namespace facet::detail
