// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/short_training.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

// Ten people of ten photos, all labelled; so many are told rightly of each.
AnswerCounts told(int right) {
  AnswerCounts counts(10, 1);
  for (std::size_t person = 0; person < 10; ++person) {
    for (int photo = 0; photo < 10; ++photo) counts.add(person, 0, photo < right, true);
  }
  return counts;
}

TEST(WelchHalfWidth, IsThatOfATableByHand) {
  const std::vector<double> a = {1, 2, 3};  // variance 1
  const std::vector<double> b = {2, 4, 6};  // variance 4; 2.94 degrees of freedom, as 2
  EXPECT_NEAR(welch_half_width(a, b), 4.303 * std::sqrt(5.0 / 3), 1e-9);
  EXPECT_EQ(welch_half_width(std::vector<double>{1, 1}, std::vector<double>{2, 2}), 0);
  EXPECT_TRUE(std::isinf(welch_half_width(a, std::vector<double>{1})));
  EXPECT_TRUE(std::isinf(welch_half_width(std::vector<double>{1}, a)));
  // 22 degrees of freedom, as the last of the table.
  const std::vector<double> many = {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3};
  EXPECT_NEAR(welch_half_width(many, many), 2.228 * std::sqrt(2 * (12.0 / 11) / 12), 1e-9);
}

TEST(Seeds, OfOneTrainingVaryNot) {
  EXPECT_EQ((Seeds{{told(8)}}.deviation()), 0);
  EXPECT_NEAR((Seeds{{told(8)}}.mean()), 0.8, 1e-12);
  EXPECT_EQ(Seeds{}.mean(), 0);
  EXPECT_EQ(Seeds{}.deviation(), 0);
}

TEST(SeedGain, JoinsWhatPeopleAndSeedsLeaveOpen) {
  SeedGain gain;
  gain.people = {1, 0.7, 1.4};
  gain.seeds = 0.4;
  EXPECT_NEAR(gain.both().low, 0.5, 1e-12);
  EXPECT_NEAR(gain.both().high, 1 + std::hypot(0.4, 0.4), 1e-12);
  EXPECT_EQ(gain.both().value, 1);
}

TEST(SeedGain, IsOfTheMeansOverSeeds) {
  const Seeds with{{told(8), told(9), told(10)}};
  const Seeds without{{told(6), told(7), told(8)}};
  EXPECT_NEAR(with.mean(), 0.9, 1e-12);
  EXPECT_NEAR(with.deviation(), 0.1, 1e-12);
  const SeedGain gain = gain_between(with, without, "x");
  EXPECT_NEAR(gain.people.value, 0.2, 1e-12);
  EXPECT_NEAR(gain.people.low, 0.2, 1e-12);  // all people are alike
  EXPECT_NEAR(gain.seeds, 2.776 * std::sqrt(0.02 / 3), 1e-9);
  EXPECT_LT(gain.both().low, 0);  // seeds leave it open
  EXPECT_THROW(gain_between(with, Seeds{}, "x"), Error);
  EXPECT_THROW(gain_between(Seeds{}, with, "x"), Error);
}

TEST(DirectionAlone, IsAllThatShortTrainingShows) {
  EXPECT_EQ(direction_alone(Verdict::reproduced), Verdict::partly);
  EXPECT_EQ(direction_alone(Verdict::not_so), Verdict::not_so);
  EXPECT_THAT(stages_command("figure-13"), ::testing::HasSubstr("recipes/paper_rows.toml"));
  EXPECT_THAT(stages_command("figure-13"), ::testing::HasSubstr("--only figure-13 --stages RUN"));
}

}  // namespace
}  // namespace facet::detail
