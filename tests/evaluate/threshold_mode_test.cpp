// SPDX-License-Identifier: Apache-2.0
// What the two thresholds of a head are for, on scores whose classes overlap.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "evaluate/attribute_figures.hpp"
#include "heads/linear_head.hpp"
#include "teach/calibration.hpp"

namespace facet::detail {
namespace {

struct Sample {
  std::vector<float> scores;
  std::vector<std::int8_t> labels;
};

// One in eight has the attribute; two deviations lie between the classes.
Sample draw(unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, 1);
  Sample sample;
  for (int i = 0; i < 4000; ++i) {
    sample.labels.push_back(i % 8 == 0 ? 1 : 0);
    sample.scores.push_back(normal(random) + (i % 8 == 0 ? 1.0F : -1.0F));
  }
  return sample;
}

// As heads are fitted: calibrated, with the share of the attribute as the balanced threshold.
Head head_of(const Sample& sample) {
  const Logistic logistic = fit_logistic(sample.scores, sample.labels);
  Head head;
  head.attributes = {"Rare"};
  head.calibration_a = {logistic.a};
  head.calibration_b = {logistic.b};
  head.threshold = {0.5F};
  head.threshold_balanced = {1.0F / 8};
  return head;
}

AttributeFigures figures(const Head& head, const Sample& sample, ThresholdMode mode) {
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < sample.scores.size(); ++i) {
    const Attribute value = calibrate(head, {&sample.scores[i], 1}, mode).at(0);
    answers.push_back({value.probability, value.present, sample.labels[i] > 0});
  }
  return measure_answers(answers);
}

TEST(ThresholdMode, EachIsBestAtWhatItIsFor) {
  const Head head = head_of(draw(1));
  const Sample others = draw(2);
  const AttributeFigures accuracy = figures(head, others, ThresholdMode::accuracy);
  const AttributeFigures balanced = figures(head, others, ThresholdMode::balanced);
  EXPECT_GT(balanced.balanced, accuracy.balanced + 0.05);
  EXPECT_GT(accuracy.accuracy, balanced.accuracy + 0.02);
  EXPECT_GT(accuracy.accuracy, accuracy.majority);
  EXPECT_EQ(accuracy.calibration_error, balanced.calibration_error);
}

}  // namespace
}  // namespace facet::detail
