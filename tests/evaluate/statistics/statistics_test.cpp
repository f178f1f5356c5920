// SPDX-License-Identifier: Apache-2.0
// Statistics against answers that are known beforehand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "evaluate/statistics/bootstrap.hpp"
#include "evaluate/statistics/correlation.hpp"
#include "evaluate/statistics/frechet.hpp"
#include "evaluate/statistics/k_means.hpp"
#include "evaluate/statistics/principal_components.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::Lt;

// The share of right answers among photos; person i has right[i] right ones of photos[i].
double share(const std::vector<double>& right, const std::vector<double>& photos,
             PersonWeights weights) {
  double a = 0;
  double b = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    a += weights[i] * right[i];
    b += weights[i] * photos[i];
  }
  return a / b;
}

TEST(Bootstrap, OfAConstantIsThatConstant) {
  const Interval interval =
      bootstrap_over_people(7, 200, "constant", [](PersonWeights) { return 0.25; });
  EXPECT_EQ(interval.value, 0.25);
  EXPECT_EQ(interval.low, 0.25);
  EXPECT_EQ(interval.high, 0.25);
}

TEST(Bootstrap, DrawsAsManyPeopleAsThereAre) {
  int others = 0;
  bootstrap_over_people(9, 50, "count", [&](PersonWeights weights) {
    int sum = 0;
    for (const int weight : weights) sum += weight;
    if (sum != 9) ++others;
    return 0.0;
  });
  EXPECT_EQ(others, 0);
}

TEST(Bootstrap, OverPeopleIsWiderThanOverPhotosWhereAPersonsPhotosAreAlike) {
  // 20 people of 50 photos, all of a person right or all wrong; then 1000 "people" of one photo.
  std::vector<double> right(20);
  for (std::size_t i = 0; i < right.size(); ++i) right[i] = i % 2 == 0 ? 50 : 0;
  const std::vector<double> photos(20, 50);
  std::vector<double> single(1000);
  for (std::size_t i = 0; i < single.size(); ++i) single[i] = i % 2 == 0 ? 1 : 0;
  const std::vector<double> ones(1000, 1);
  const Interval people = bootstrap_over_people(
      20, 1000, "a", [&](PersonWeights weights) { return share(right, photos, weights); });
  const Interval each = bootstrap_over_people(
      1000, 1000, "b", [&](PersonWeights weights) { return share(single, ones, weights); });
  EXPECT_DOUBLE_EQ(people.value, 0.5);
  // Standard errors √(¼/20) and √(¼/1000); 1.96 of them on both sides.
  EXPECT_NEAR(people.high - people.low, 2 * 1.96 * std::sqrt(0.25 / 20), 0.05);
  EXPECT_NEAR(each.high - each.low, 2 * 1.96 * std::sqrt(0.25 / 1000), 0.01);
}

TEST(Quantile, InterpolatesBetweenNeighbours) {
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0), 1);
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 1), 4);
  EXPECT_DOUBLE_EQ(quantile({}, 0.5), 0);
}

TEST(Frechet, OfTwoGaussiansOfOneNumberIsKnown) {
  // (m₁ - m₂)² + (s₁ - s₂)²
  const Gaussian a{{1}, {4}, 10};
  const Gaussian b{{4}, {25}, 10};
  EXPECT_NEAR(frechet_distance(a, b), 9 + 9, 1e-9);
}

TEST(Frechet, OfTwoGaussiansThatDoNotCommuteIsKnown) {
  // tr(C₁ + C₂) - 2 tr (C₁C₂)^½; for 2×2 matrices tr M^½ = √(tr M + 2√det M).
  const Gaussian a{{0, 0}, {2, 1, 1, 3}, 10};
  const Gaussian b{{0, 0}, {5, -1, -1, 1}, 10};
  const double trace = 2 * 5 + 1 * -1 + 1 * -1 + 3 * 1;
  const double determinant = (2 * 3 - 1 * 1) * (5 * 1 - 1 * 1);
  const double expected = 5 + 6 - 2 * std::sqrt(trace + 2 * std::sqrt(determinant));
  EXPECT_NEAR(frechet_distance(a, b), expected, 1e-9);
  EXPECT_NEAR(frechet_distance(b, a), expected, 1e-9);
  EXPECT_NEAR(frechet_distance(a, a), 0, 1e-9);
}

TEST(Frechet, OfTwoSamplesOfOneDistributionIsSmallButNotZero) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(2, 1);
  const auto sample = [&](std::size_t rows, float shift) {
    std::vector<float> values(rows * 4);
    for (float& value : values) value = normal(random) + shift;
    return fit_gaussian(values, 4);
  };
  const Gaussian a = sample(4000, 0);
  const double floor = frechet_distance(a, sample(4000, 0));
  EXPECT_GT(floor, 0);
  EXPECT_LT(floor, 0.02);
  EXPECT_NEAR(frechet_distance(a, sample(4000, 1)), 4, 0.3);  // 4 × 1²
}

TEST(Frechet, RefusesOneVectorAndOtherSizes) {
  const std::vector<float> one(3);
  EXPECT_THROW(fit_gaussian(one, 3), Error);
  EXPECT_THROW(frechet_distance({{1}, {1}, 2}, {{1, 2}, {1, 0, 0, 1}, 2}), Error);
}

TEST(KMeans, FindsSeparatedClusters) {
  // Three corners of a square, five points around each, taken in turn.
  std::vector<float> values;
  for (int i = 0; i < 15; ++i) {
    const float shift = 0.1F * static_cast<float>(i / 3);
    values.push_back((i % 3 == 1 ? 10.0F : 0.0F) + shift);
    values.push_back((i % 3 == 2 ? 10.0F : 0.0F) - shift);
  }
  const Clusters clusters = k_means(values, 2, 3);
  EXPECT_THAT(clusters.of, ElementsAre(0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2));
  // Around each middle: 2 × (0.2² + 0.1² + 0 + 0.1² + 0.2²) = 0.2.
  EXPECT_NEAR(clusters.inertia, 0.6, 1e-5);
}

TEST(KMeans, GivesEveryRowItsOwnClusterWhereThereAreAsMany) {
  const std::vector<float> values = {1, 5, 9, 2};
  EXPECT_NEAR(k_means(values, 1, 4).inertia, 0, 1e-12);
  EXPECT_THROW(k_means(values, 1, 5), Error);
  EXPECT_THROW(k_means(values, 1, 0), Error);
}

TEST(Correlation, IsKnownForLinesAndForWhatNeverChanges) {
  const std::vector<float> a = {1, 2, 3, 4};
  const std::vector<float> up = {10, 12, 14, 16};
  const std::vector<float> down = {4, 3, 2, 1};
  const std::vector<float> flat = {7, 7, 7, 7};
  EXPECT_NEAR(correlation(a, up), 1, 1e-6);
  EXPECT_NEAR(correlation(a, down), -1, 1e-6);
  EXPECT_EQ(correlation(a, flat), 0);
  const std::vector<float> some = {2, 1, 4, 3};
  EXPECT_NEAR(correlation(a, some), 0.6, 1e-6);  // by hand: 3 / 5
  EXPECT_THROW(correlation(a, {flat.data(), 3}), Error);
}

TEST(Correlation, OfColumnsWithAttributesIsThatOfEachPair) {
  const std::vector<float> values = {1, 9, 2, 9, 3, 8, 4, 1};  // two columns, four rows
  const std::vector<std::int8_t> labels = {-1, 1, -1, 1, 1, 1, 1, -1};
  const std::vector<float> all = correlations(values, 2, labels, 2);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_NEAR(all[0], correlation(std::vector<float>{1, 2, 3, 4}, std::vector<float>{0, 0, 1, 1}),
              1e-6);
  EXPECT_NEAR(all[3], correlation(std::vector<float>{9, 9, 8, 1}, std::vector<float>{1, 1, 1, 0}),
              1e-6);
  EXPECT_THAT(all[3], Gt(0.9F));
  EXPECT_THAT(all[1], Lt(0.0F));
}

TEST(PrincipalComponents, FollowTheLongSideFirst) {
  // Points along (3, 4) / 5, with a little across.
  std::vector<float> values;
  for (int i = -5; i <= 5; ++i) {
    const float across = i % 2 == 0 ? 0.1F : -0.1F;
    values.push_back(0.6F * static_cast<float>(i) - 0.8F * across + 7);
    values.push_back(0.8F * static_cast<float>(i) + 0.6F * across - 2);
  }
  const PrincipalComponents components = principal_components(values, 2, 2);
  EXPECT_NEAR(std::abs(components.directions[0]), 0.6, 0.01);
  EXPECT_NEAR(std::abs(components.directions[1]), 0.8, 0.01);
  EXPECT_NEAR(components.variances[0], 11, 0.1);  // of -5 … 5
  EXPECT_GT(components.variances[0], 100 * components.variances[1]);
  const std::vector<float> projected = components.project(values);
  EXPECT_NEAR(std::abs(projected[0]), 5, 0.05);  // the first row, along the first direction
}

TEST(PrincipalComponents, AreTheSameWhereThereAreFewerRowsThanNumbers) {
  // Three points on a line in five dimensions.
  std::vector<float> values;
  for (const float t : {-1.0F, 0.0F, 1.0F}) {
    for (const float along : {3.0F, 0.0F, 4.0F, 0.0F, 0.0F}) values.push_back(1 + t * along);
  }
  const PrincipalComponents components = principal_components(values, 5, 5);
  ASSERT_EQ(components.variances.size(), 2U);  // no more than rows - 1
  EXPECT_NEAR(components.variances[0], 25, 1e-6);
  EXPECT_NEAR(components.variances[1], 0, 1e-6);
  EXPECT_NEAR(std::abs(components.directions[0]), 0.6, 1e-6);
  EXPECT_NEAR(std::abs(components.directions[2]), 0.8, 1e-6);
  EXPECT_NEAR(std::abs(components.project(values)[0]), 5, 1e-5);
}

}  // namespace
}  // namespace facet::detail
