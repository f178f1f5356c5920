// SPDX-License-Identifier: Apache-2.0
#include "stages/face_check_fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "facet/error.hpp"
#include "heads/linear_head.hpp"

namespace facet::detail {
namespace {

// Two numbers a place; the first tells faces apart, the second says nothing. Of both kinds one in
// ten looks like the other.
FaceCheckExamples examples_of(int faces, int empty) {
  FaceCheckExamples examples;
  int photo = 0;
  const auto add = [&](int count, bool face) {
    for (int i = 0; i < count; ++i, ++photo) {
      const float side = face != (i % 10 == 0) ? 1.0F : -1.0F;
      const float first = side * (1 + static_cast<float>(i % 7) / 10);
      examples.add(std::vector<float>{first, static_cast<float>(i % 3)}, 2, face, photo);
    }
  };
  add(faces, true);
  add(empty, false);
  return examples;
}

float log_odds(const Head& head, const std::vector<float>& features) {
  return head.calibration_a.front() * head_scores(head, features, 1).front() +
         head.calibration_b.front();
}

TEST(FaceCheckFit, TellsFacesFromPlacesWithoutOne) {
  const FaceCheckFit fit = fit_face_check(examples_of(200, 300), 1);
  EXPECT_EQ(fit.faces, 200);
  EXPECT_EQ(fit.empty, 300);
  EXPECT_EQ(fit.faces_doubted, 20);
  EXPECT_EQ(fit.empty_trusted, 30);
  EXPECT_THAT(fit.head.attributes, testing::ElementsAre("face"));
  EXPECT_GT(log_odds(fit.head, {1.2F, 1}), 1);
  EXPECT_LT(log_odds(fit.head, {-1.2F, 1}), -1);
}

// Eight times as many places without a face must not make it doubt more faces.
TEST(FaceCheckFit, WeighsBothKindsAlike) {
  const Head few = fit_face_check(examples_of(200, 200), 1).head;
  const Head many = fit_face_check(examples_of(200, 1600), 1).head;
  for (const float first : {-1.0F, 1.0F}) {
    EXPECT_NEAR(log_odds(few, {first, 1}), log_odds(many, {first, 1}), 1) << first;
  }
}

TEST(FaceCheckFit, NeedsBothKinds) {
  for (const bool faces : {true, false}) {
    try {
      fit_face_check(faces ? examples_of(10, 0) : examples_of(0, 10), 1);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      EXPECT_THAT(error.what(), testing::HasSubstr("10"));
    }
  }
}

}  // namespace
}  // namespace facet::detail
