// SPDX-License-Identifier: Apache-2.0
#include "evaluate/attribute_figures.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "dataset/dataset.hpp"
#include "evaluate/paper_figures.hpp"

namespace facet::detail {
namespace {

TEST(AttributeFigures, AreTheHandCountedOnes) {
  // Four positives, three of them found; six negatives, three of them found.
  std::vector<Answer> answers;
  for (int i = 0; i < 4; ++i) answers.push_back({0.5F, i < 3, true});
  for (int i = 0; i < 6; ++i) answers.push_back({0.5F, i >= 3, false});
  const AttributeFigures figures = measure_answers(answers);
  EXPECT_EQ(figures.photos, 10U);
  EXPECT_DOUBLE_EQ(figures.positives, 0.4);
  EXPECT_DOUBLE_EQ(figures.accuracy, 0.6);
  EXPECT_DOUBLE_EQ(figures.balanced, (0.75 + 0.5) / 2);
  EXPECT_DOUBLE_EQ(figures.majority, 0.6);
}

TEST(AttributeFigures, OfRareAttributesAreBalanced) {
  std::vector<Answer> answers(99, {0.1F, false, false});
  answers.push_back({0.1F, false, true});
  const AttributeFigures figures = measure_answers(answers);
  EXPECT_DOUBLE_EQ(figures.accuracy, 0.99);
  EXPECT_DOUBLE_EQ(figures.balanced, 0.5);
  EXPECT_DOUBLE_EQ(figures.majority, 0.99);
}

TEST(AttributeFigures, OfLabelsThatAreAllAlikeHaveOneRate) {
  const std::vector<Answer> answers = {{0.9F, true, true}, {0.1F, false, true}};
  EXPECT_DOUBLE_EQ(measure_answers(answers).balanced, 0.5);
  EXPECT_EQ(measure_answers({}).photos, 0U);
}

TEST(CalibrationError, IsZeroWhereProbabilitiesAreShares) {
  std::vector<Answer> answers;
  for (int i = 0; i < 10; ++i) answers.push_back({0.3F, false, i < 3});
  EXPECT_NEAR(calibration_error(answers), 0, 1e-7);
}

TEST(CalibrationError, WeighsBinsByTheirAnswers) {
  // In the first bin of two 3 answers with mean 0.2 and one positive, in the second 1 of 0.75.
  const std::vector<Answer> answers = {
      {0.1F, false, false}, {0.2F, false, true}, {0.3F, false, false}, {0.75F, true, true}};
  EXPECT_NEAR(calibration_error(answers, 2), 0.75 * (1.0 / 3 - 0.2) + 0.25 * 0.25, 1e-6);
}

TEST(CalibrationError, ByChanceIsThatOfPerfectProbabilitiesOnSoFewAnswers) {
  // Of n answers of 0.5 the share of positives is off by sqrt(1 / (2 pi n)) on average.
  const auto by_chance = [](std::size_t n) {
    return calibration_error_by_chance(std::vector<Answer>(n, Answer{0.5F, true, false}));
  };
  EXPECT_NEAR(by_chance(100), std::sqrt(1 / (2 * M_PI * 100)), 0.02);
  EXPECT_NEAR(by_chance(10000), std::sqrt(1 / (2 * M_PI * 10000)), 0.002);
  EXPECT_GT(by_chance(10000), 0);
  EXPECT_NEAR(calibration_error_by_chance(std::vector<Answer>(50, Answer{1.0F, true, false})), 0,
              1e-9);
}

TEST(Reliability, SortsAnswersIntoEqualBins) {
  const std::vector<Answer> answers = {
      {0.1F, false, false}, {0.2F, false, true}, {0.9F, true, true}, {1.0F, true, true}};
  const auto bins = reliability(answers, 2);
  ASSERT_EQ(bins.size(), 2U);
  EXPECT_EQ(bins[0].answers, 2U);
  EXPECT_NEAR(bins[0].probability, 0.15, 1e-6);
  EXPECT_NEAR(bins[0].positives, 0.5, 1e-9);
  EXPECT_NEAR(bins[1].probability, 0.95, 1e-6);
  EXPECT_NEAR(bins[1].positives, 1, 1e-9);
}

TEST(CalibrationError, TakesProbabilitiesOfOneIntoTheLastBin) {
  const std::vector<Answer> answers = {{1.0F, true, true}, {0.95F, true, false}};
  EXPECT_NEAR(calibration_error(answers), 0.975 - 0.5, 1e-6);
}

TEST(AttributeFigures, AverageOverAttributes) {
  AttributeFigures one;
  one.photos = 5;
  one.accuracy = 0.8;
  one.calibration_error = 0.1;
  AttributeFigures two = one;
  two.accuracy = 0.6;
  two.calibration_error = 0.3;
  const std::vector<AttributeFigures> both = {one, two};
  const AttributeFigures mean = average(both);
  EXPECT_EQ(mean.photos, 5U);
  EXPECT_DOUBLE_EQ(mean.accuracy, 0.7);
  EXPECT_DOUBLE_EQ(mean.calibration_error, 0.2);
}

TEST(PaperFigures, HaveEveryAttributeAndThePrintedAverages) {
  for (const char* labels : {"CelebA", "LFWA"}) {
    double sum = 0;
    for (const std::string& name : celeba_attribute_names()) {
      const auto figure = paper_accuracy(labels, name);
      ASSERT_TRUE(figure.has_value()) << name;
      sum += *figure;
    }
    EXPECT_NEAR(sum / 40, paper_average(labels).value(), 0.6) << labels;
  }
  EXPECT_EQ(paper_accuracy("CelebA", "Male"), 98);
  EXPECT_EQ(paper_accuracy("LFWA", "Male"), 94);
  EXPECT_FALSE(paper_accuracy("CelebA", "Tall").has_value());
  EXPECT_FALSE(paper_accuracy("FairFace", "Male").has_value());
}

}  // namespace
}  // namespace facet::detail
