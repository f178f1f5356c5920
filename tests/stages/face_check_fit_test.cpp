// SPDX-License-Identifier: Apache-2.0
#include "stages/face_check_fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "facet/error.hpp"
#include "heads/linear_head.hpp"

namespace facet::detail {
namespace {

// Two numbers a place; the first tells faces apart, the second says nothing. Of the faces one in
// ten looks like none.
FaceCheckExamples examples_of(int faces, int empty) {
  FaceCheckExamples examples;
  int photo = 0;
  for (int i = 0; i < faces; ++i, ++photo) {
    const float clear = i % 10 == 0 ? -1.0F : 1.0F + static_cast<float>(i % 7) / 10;
    examples.add(std::vector<float>{clear, static_cast<float>(i % 3)}, 2, true, photo);
  }
  for (int i = 0; i < empty; ++i, ++photo) {
    examples.add(
        std::vector<float>{-1.0F - static_cast<float>(i % 7) / 10, static_cast<float>(i % 3)}, 2,
        false, photo);
  }
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
  EXPECT_EQ(fit.empty_trusted, 0);
  EXPECT_THAT(fit.head.attributes, testing::ElementsAre("face"));
  EXPECT_GT(log_odds(fit.head, {1.2F, 1}), 1);
  EXPECT_LT(log_odds(fit.head, {-1.2F, 1}), -1);
}

// Four times as many places without a face must not make it doubt more faces.
TEST(FaceCheckFit, WeighsBothKindsAlike) {
  const float few = log_odds(fit_face_check(examples_of(200, 200), 1).head, {0.2F, 1});
  const float many = log_odds(fit_face_check(examples_of(200, 1600), 1).head, {0.2F, 1});
  EXPECT_NEAR(few, many, 1);
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
