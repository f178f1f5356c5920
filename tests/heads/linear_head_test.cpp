// SPDX-License-Identifier: Apache-2.0
#include "heads/linear_head.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

Head two_attributes() {
  Head head;
  head.name = "celeba";
  head.feature_layer = "FC";
  head.attributes = {"Smiling", "Bald"};
  head.weight = {1, 2, 3, -1, 0, 0.5F};
  head.bias = {0.5F, -1};
  head.calibration_a = {1, -2};
  head.calibration_b = {0, 0.25F};
  head.threshold = {0.5F, 0.9F};
  head.threshold_balanced = {0.4F, 0.3F};
  return head;
}

TEST(Heads, AverageScoresOverPatches) {
  const std::vector<float> features = {1, 0, 2, /* second patch */ -3, 1, 4};
  // Patches: 1 + 6 + 0.5 = 7.5 and -3 + 2 + 12 + 0.5 = 11.5; -1 + 1 - 1 = -1 and 3 + 2 - 1 = 4.
  const std::vector<float> scores = head_scores(two_attributes(), features, 2);
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_FLOAT_EQ(scores[0], 9.5F);
  EXPECT_FLOAT_EQ(scores[1], 1.5F);
}

TEST(Heads, CalibrateAndCompareWithTheAttributesThreshold) {
  const Head head = two_attributes();
  const std::vector<Attribute> values = calibrate(head, std::vector<float>{0, -1});
  ASSERT_EQ(values.size(), 2U);
  EXPECT_FLOAT_EQ(values[0].probability, 0.5F);
  EXPECT_TRUE(values[0].present);  // at the threshold
  EXPECT_FLOAT_EQ(values[1].probability, 1 / (1 + std::exp(-2.25F)));
  EXPECT_TRUE(values[1].present);
  EXPECT_FALSE(calibrate(head, std::vector<float>{0, 0}).at(1).present);
}

TEST(Heads, DecideByTheThresholdsOfTheModeAskedFor) {
  Head head = two_attributes();
  const std::vector<float> scores = {std::log(0.45F / 0.55F), 0};  // probabilities 0.45 and 0.56
  const auto accuracy = calibrate(head, scores, ThresholdMode::accuracy);
  const auto balanced = calibrate(head, scores, ThresholdMode::balanced);
  for (const std::size_t j : {0U, 1U}) {
    EXPECT_EQ(accuracy[j].probability, balanced[j].probability);
    EXPECT_FALSE(accuracy[j].present);
    EXPECT_TRUE(balanced[j].present);
    EXPECT_EQ(calibrate(head, scores)[j].present, accuracy[j].present) << "the default";
  }
  head.threshold_balanced.pop_back();
  EXPECT_THROW(calibrate(head, scores, ThresholdMode::balanced), Error);
}

TEST(Heads, StayFiniteForExtremeScores) {
  const std::vector<Attribute> values =
      calibrate(two_attributes(), std::vector<float>{-1e30F, -1e30F});
  EXPECT_EQ(values[0].probability, 0);
  EXPECT_EQ(values[1].probability, 1);
}

TEST(Heads, RefuseFeaturesThatDoNotFit) {
  const Head head = two_attributes();
  EXPECT_THROW(head_scores(head, std::vector<float>(4), 1), Error);
  EXPECT_THROW(head_scores(head, std::vector<float>(5), 2), Error);
  EXPECT_THROW(head_scores(head, std::vector<float>(), 0), Error);
  EXPECT_THROW(calibrate(head, std::vector<float>(3)), Error);
}

TEST(Heads, NameThoseThereAreForAnUnknownOne) {
  ModelParts parts;
  parts.name = "paper";
  parts.heads["celeba"] = two_attributes();
  EXPECT_EQ(find_head(parts, "celeba").attributes.size(), 2U);
  try {
    find_head(parts, "cats");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_NE(std::string(error.what()).find("cats"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("celeba"), std::string::npos);
  }
}

}  // namespace
}  // namespace facet::detail
