// SPDX-License-Identifier: Apache-2.0
#include "evaluate/localisation_figures.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "evaluate/localisation_protocol.hpp"
#include "evaluate/localisation_report.hpp"

namespace facet::detail {
namespace {

const std::vector<Box> one_face = {{100, 100, 40, 40}};

TEST(Judge, MeasuresOverlapWithTheDominantFace) {
  const std::vector<Box> listed = {{0, 0, 10, 10}, {50, 0, 10, 10}};
  const Detection exact = judge({0, 0, 10, 10}, 3, true, listed);
  EXPECT_FLOAT_EQ(exact.overlap, 1);
  EXPECT_FALSE(exact.false_positive);
  EXPECT_TRUE(exact.accepted);
  EXPECT_FLOAT_EQ(exact.score, 3);
  // The other face is no dominant one, but no false positive either.
  const Detection other = judge({50, 0, 10, 10}, 3, true, listed);
  EXPECT_FLOAT_EQ(other.overlap, 0);
  EXPECT_FALSE(other.false_positive);
  EXPECT_FALSE(other.stray);
}

TEST(Judge, CountsMissesNearTheFaceAndStraysEverywhere) {
  const Detection beside = judge({140, 100, 20, 20}, 1, true, one_face);  // touches no pixel of it
  EXPECT_TRUE(beside.false_positive);
  EXPECT_TRUE(beside.stray);
  const Detection far = judge({151, 100, 20, 20}, 1, true, one_face);  // the window ends at 150
  EXPECT_FALSE(far.false_positive);
  EXPECT_TRUE(far.stray);
  const Detection loose = judge({135, 100, 40, 40}, 1, true, one_face);
  EXPECT_FALSE(loose.false_positive);
  EXPECT_FALSE(loose.stray);
}

TEST(Judge, TakesEveryBoxInAPhotoWithoutFacesForFalse) {
  const Detection detection = judge({0, 0, 5, 5}, 1, false, {});
  EXPECT_TRUE(detection.false_positive);
  EXPECT_TRUE(detection.stray);
  EXPECT_FLOAT_EQ(detection.overlap, 0);
}

Detection true_box(float score, float overlap) {
  return {score, overlap, score >= 5, false, false};
}
Detection false_box(float score) {
  return {score, 0, score >= 5, true, true};
}

// Two photos with a face, two scenes.
std::vector<PhotoDetections> four_photos() {
  return {{true, {true_box(9, 0.8F), true_box(2, 0.9F)}},
          {true, {true_box(4, 0.6F), {3.5F, 0, false, false, true}}},
          {false, {false_box(6), false_box(4)}},
          {false, {false_box(1)}}};
}

TEST(Roc, FollowsTheThresholdDown) {
  const auto points = roc(four_photos(), 0.5F, FalseRule::near_face);
  ASSERT_EQ(points.size(), 5U);
  EXPECT_TRUE(std::isinf(points[0].threshold));
  EXPECT_DOUBLE_EQ(points[0].recall, 0);
  EXPECT_FLOAT_EQ(points[1].threshold, 9);
  EXPECT_DOUBLE_EQ(points[1].recall, 0.5);
  EXPECT_DOUBLE_EQ(points[1].false_rate, 0);
  EXPECT_FLOAT_EQ(points[2].threshold, 6);
  EXPECT_DOUBLE_EQ(points[2].false_rate, 0.25);
  // A true and a false box of score 4 come together.
  EXPECT_FLOAT_EQ(points[3].threshold, 4);
  EXPECT_DOUBLE_EQ(points[3].recall, 1);
  EXPECT_DOUBLE_EQ(points[3].false_rate, 0.5);
  EXPECT_DOUBLE_EQ(points[4].false_rate, 0.75);
}

TEST(Roc, CountsStraysWhereAsked) {
  const auto points = roc(four_photos(), 0.5F, FalseRule::strays_too);
  EXPECT_DOUBLE_EQ(points.back().false_rate, 1);
}

TEST(Roc, GivesRecallAtAllowedFalsePositives) {
  const auto points = roc(four_photos(), 0.5F, FalseRule::near_face);
  EXPECT_DOUBLE_EQ(at_false_rate(points, 0.01).recall, 0.5);
  EXPECT_FLOAT_EQ(at_false_rate(points, 0.01).threshold, 9);
  EXPECT_DOUBLE_EQ(at_false_rate(points, 0.5).recall, 1);
  EXPECT_DOUBLE_EQ(at_false_rate(points, 10).false_rate, 0.75);
  EXPECT_DOUBLE_EQ(at_false_rate(roc({}, 0.5F, FalseRule::near_face), 0.1).recall, 0);
}

TEST(Recall, FallsWithTheOverlapAsked) {
  const auto photos = four_photos();
  EXPECT_DOUBLE_EQ(recall_at(photos, 0, 0.5F), 1);
  EXPECT_DOUBLE_EQ(recall_at(photos, 0, 0.7F), 0.5);
  // The well-placed box of the first photo has score 2.
  EXPECT_DOUBLE_EQ(recall_at(photos, 2, 0.85F), 0.5);
  EXPECT_DOUBLE_EQ(recall_at(photos, 3, 0.85F), 0);
  EXPECT_NEAR(mean_true_overlap(photos, 0, 0.5F), 0.7, 1e-6);
  EXPECT_NEAR(mean_true_overlap(photos, 5, 0.5F), 0.8, 1e-6);
  EXPECT_DOUBLE_EQ(mean_true_overlap(photos, 10, 0.5F), 0);
}

TEST(OwnThreshold, CountsWhatTheDetectorAccepts) {
  const RocPoint own = at_own_threshold(four_photos(), 0.5F, FalseRule::near_face);
  EXPECT_DOUBLE_EQ(own.recall, 0.5);
  EXPECT_DOUBLE_EQ(own.false_rate, 0.25);
}

TEST(MeasureDetections, PutsTheFiguresTogether) {
  const LocalisationRow row = measure_detections("set", "LNet", four_photos());
  EXPECT_EQ(row.faces, 2U);
  EXPECT_EQ(row.scenes, 2U);
  EXPECT_DOUBLE_EQ(row.at_tenth.recall, 0.5);
  EXPECT_NEAR(row.mean_overlap, 0.8, 1e-6);
  ASSERT_EQ(row.by_overlap.size(), 13U);
  EXPECT_NEAR(row.by_overlap.front().first, 0.3, 1e-6);
  EXPECT_NEAR(row.by_overlap.back().first, 0.9, 1e-6);
  EXPECT_DOUBLE_EQ(row.by_overlap.front().second, 0.5);
  EXPECT_DOUBLE_EQ(row.by_overlap.back().second, 0);
}

TEST(ThinnedCurve, KeepsEndsAndShape) {
  std::vector<RocPoint> curve;
  for (int i = 0; i <= 10000; ++i) {
    curve.push_back({static_cast<float>(10000 - i), i / 10000.0, i / 20000.0});
  }
  const auto points = thinned(curve);
  EXPECT_LT(points.size(), 500U);
  EXPECT_GT(points.size(), 100U);
  EXPECT_DOUBLE_EQ(points.front().recall, 0);
  EXPECT_DOUBLE_EQ(points.back().recall, 0.5);
  for (std::size_t i = 1; i < points.size(); ++i) {
    EXPECT_LT(points[i].recall - points[i - 1].recall, 0.003);
  }
}

}  // namespace
}  // namespace facet::detail
