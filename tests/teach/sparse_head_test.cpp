// SPDX-License-Identifier: Apache-2.0
#include "teach/sparse_head.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "facet/error.hpp"
#include "teach/lasso.hpp"

namespace facet::detail {
namespace {

NormalEquations random_equations(std::size_t features, std::vector<double>& truth) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  constexpr std::size_t rows = 400;
  std::vector<float> values(rows * features);
  for (float& value : values) value = normal(random);
  std::vector<double> target(rows, 0.0);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t k = 0; k < features; ++k) target[i] += truth[k] * values[i * features + k];
  }
  return normal_equations(values, features, target, std::vector<double>(rows, 1.0 / rows));
}

TEST(Lasso, MeetsItsOptimalityConditions) {
  std::vector<double> truth = {2, 0, -1, 0, 0.05, 0, 0, 0};
  const NormalEquations equations = random_equations(8, truth);
  const double penalty = 0.2;
  const std::vector<double> w = lasso(equations, penalty, {});
  for (std::size_t k = 0; k < 8; ++k) {
    double gradient = equations.with_target[k];
    for (std::size_t j = 0; j < 8; ++j) gradient -= equations.products[k * 8 + j] * w[j];
    if (w[k] == 0) {
      EXPECT_LE(std::abs(gradient), penalty + 1e-5);
    } else {
      EXPECT_NEAR(gradient, penalty * (w[k] > 0 ? 1 : -1), 1e-4);
    }
  }
  EXPECT_GT(w[0], 1);
  EXPECT_EQ(w[4], 0);
  for (const double one : lasso(equations, largest_penalty(equations) * 1.001, {})) {
    EXPECT_EQ(one, 0);
  }
}

TEST(LeastSquares, FindsTheWeightsOfTheChosen) {
  std::vector<double> truth = {0, 3, 0, -2};
  const NormalEquations equations = random_equations(4, truth);
  const std::vector<std::size_t> chosen = {1, 3};
  const std::vector<double> w = least_squares(equations, chosen, 0);
  EXPECT_NEAR(w[0], 3, 1e-5);
  EXPECT_NEAR(w[1], -2, 1e-5);
}

// 40 neurons of which the head truly needs two; the others are noise with small weights.
SparseLesson small_lesson(Head& head) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  SparseLesson lesson;
  lesson.neurons = 40;
  constexpr std::size_t photos = 600;
  for (std::size_t i = 0; i < photos; ++i) {
    lesson.chooses.push_back(i % 2 == 1);
    float first = 0;
    for (std::size_t k = 0; k < lesson.neurons; ++k) {
      const float value = 2 + normal(random);
      lesson.features.push_back(value);
      first += k == 3 ? 2 * value : k == 17 ? -value : 0.01F * value;
    }
    lesson.labels.push_back(first > 2.7F ? 1 : 0);
  }
  head.attributes = {"Hat"};
  head.weight.assign(lesson.neurons, 0.01F);
  head.weight[3] = 2;
  head.weight[17] = -1;
  head.bias = {-2.7F};
  head.calibration_a = {3};
  head.calibration_b = {0};
  head.threshold = {0.5F};
  head.threshold_balanced = {0.5F};
  return lesson;
}

TEST(SparseHead, FindsTheFewNeuronsThatDecide) {
  Head head;
  const SparseLesson lesson = small_lesson(head);
  const SparseHeads heads = fit_sparse_heads(lesson, head, {});
  ASSERT_EQ(heads.attributes.size(), 1U);
  const SparseAttribute& one = heads.attributes[0];
  EXPECT_TRUE(one.reached);
  EXPECT_LE(one.neurons, 4U);
  EXPECT_NEAR(one.weight[3], 2, 0.1);
  EXPECT_NEAR(one.weight[17], -1, 0.1);
  EXPECT_GE(one.balanced, 0.99 * one.full_balanced);
  EXPECT_GE(one.agreement, 0.95);
  EXPECT_GE(heads.curve.back().balanced, 0.98);
  for (std::size_t i = 1; i < heads.curve.size(); ++i) {
    EXPECT_GE(heads.curve[i].balanced, heads.curve[i - 1].balanced);
  }
}

TEST(SparseHead, DoesNotDependOnThreads) {
  Head head;
  const SparseLesson lesson = small_lesson(head);
  SparseSettings many;
  many.threads = 3;
  EXPECT_EQ(fit_sparse_heads(lesson, head, {}).attributes[0].weight,
            fit_sparse_heads(lesson, head, many).attributes[0].weight);
}

TEST(SparseHead, NeedsPeopleWhoChoose) {
  Head head;
  SparseLesson lesson = small_lesson(head);
  lesson.chooses.assign(lesson.chooses.size(), false);
  EXPECT_THROW(fit_sparse_heads(lesson, head, {}), Error);
}

}  // namespace
}  // namespace facet::detail
