// SPDX-License-Identifier: Apache-2.0
#include "teach/teach_many.hpp"

#include <gtest/gtest.h>

#include <random>

#include "facet/error.hpp"
#include "heads/linear_head.hpp"

namespace facet::detail {
namespace {

PhotoToLearn photo_of(std::vector<float> features, std::vector<std::int8_t> labels, int fold) {
  return {summarise_patches(features, 1, static_cast<int>(features.size()), 1, 0),
          std::move(labels), fold};
}

TEST(PatchSummary, HoldsTheMeanAndPatchesThatDifferFromTurnToTurn) {
  const std::vector<float> values = {1, 10, 2, 20, 3, 30, 6, 60};  // four patches of two features
  const PatchSummary first = summarise_patches(values, 4, 2, 2, 0);
  EXPECT_EQ(first.mean, (std::vector<float>{3, 30}));
  EXPECT_EQ(first.rows, (std::vector<float>{1, 10, 3, 30}));
  EXPECT_EQ(summarise_patches(values, 4, 2, 2, 1).rows, (std::vector<float>{2, 20, 6, 60}));
  EXPECT_EQ(summarise_patches(values, 4, 2, 2, 3).rows, (std::vector<float>{6, 60, 2, 20}));
  EXPECT_THROW(summarise_patches(values, 3, 2, 2, 0), Error);
}

// Attribute 0 follows feature 0, attribute 1 is absent, attribute 2 always there.
std::vector<PhotoToLearn> lesson() {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, 1);
  std::vector<PhotoToLearn> photos;
  for (int i = 0; i < 60; ++i) {
    const bool present = i % 3 == 0;
    photos.push_back(photo_of({normal(random) + (present ? 2.5F : -2.5F), normal(random)},
                              {static_cast<std::int8_t>(present ? 1 : -1), -1, 1}, i % 5));
  }
  return photos;
}

TEST(TeachMany, LearnsWhatCanBeLearnt) {
  const auto photos = lesson();
  const TeachingResults taught = teach_many(photos, {"Shown", "Never", "Always"}, {});
  EXPECT_EQ(taught.positives, (std::vector<std::size_t>{20, 0, 60}));
  EXPECT_GT(taught.costs[0], 0);
  EXPECT_EQ(taught.costs[1], 0);
  EXPECT_EQ(taught.costs[2], 0);
  EXPECT_FLOAT_EQ(taught.head.threshold_balanced[0], 20.0F / 60);
  int right = 0;
  for (const PhotoToLearn& photo : photos) {
    for (const ThresholdMode mode : {ThresholdMode::accuracy, ThresholdMode::balanced}) {
      const auto values =
          calibrate(taught.head, head_scores(taught.head, photo.features.mean, 1), mode);
      right += values[0].present == (photo.labels[0] > 0) ? 1 : 0;
      EXPECT_FALSE(values[1].present);
      EXPECT_TRUE(values[2].present);
    }
  }
  EXPECT_GE(right, 116);
}

TEST(TeachMany, DoesNotDependOnThreads) {
  TeachManySettings settings;
  const Head one = teach_many(lesson(), {"Shown", "Never", "Always"}, settings).head;
  settings.threads = 3;
  std::size_t calls = 0;
  settings.progress = [&](std::size_t done) { EXPECT_EQ(done, ++calls); };
  const Head three = teach_many(lesson(), {"Shown", "Never", "Always"}, settings).head;
  EXPECT_EQ(one.weight, three.weight);
  EXPECT_EQ(one.calibration_a, three.calibration_a);
  EXPECT_EQ(calls, 3U);
}

// Every person has a feature of his own and a label by chance: an SVM that has seen a person knows
// the label, one that has not knows nothing.
TEST(TeachMany, JudgesNoPersonByAnSvmThatHasSeenHim) {
  constexpr int people = 20;
  std::vector<PhotoToLearn> photos;
  for (int i = 0; i < 3 * people; ++i) {
    const int person = i % people;
    std::vector<float> features(people, 0.0F);
    features[static_cast<std::size_t>(person)] = 1;
    const bool present = person * 7 % 20 < 10;
    photos.push_back(photo_of(features, {static_cast<std::int8_t>(present ? 1 : -1)}, person % 5));
  }
  const auto surest = [&] {
    const Head head = teach_many(photos, {"Chance"}, {}).head;
    float most = 0;
    for (const PhotoToLearn& photo : photos) {
      const auto values = calibrate(head, head_scores(head, photo.features.mean, 1));
      most = std::max(most, std::abs(values[0].probability - 0.5F));
    }
    return most;
  };
  EXPECT_LT(surest(), 0.1F);
  for (std::size_t i = 0; i < photos.size(); ++i) photos[i].fold = static_cast<int>(i / people);
  EXPECT_GT(surest(), 0.4F) << "each fold has seen everybody";
}

TEST(TeachMany, RefusesWhatCannotBeCrossValidated) {
  EXPECT_THROW(teach_many({}, {"Shown"}, {}), Error);
  auto photos = lesson();
  for (PhotoToLearn& photo : photos) photo.fold = 0;
  EXPECT_THROW(teach_many(photos, {"Shown", "Never", "Always"}, {}), Error);
}

}  // namespace
}  // namespace facet::detail
