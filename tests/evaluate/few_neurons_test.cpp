// SPDX-License-Identifier: Apache-2.0
// One rule for scores and single neurons, with known answers.
#include "evaluate/paper/few_neurons.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <utility>

#include "evaluate/paper/balanced_cut.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

constexpr int kPeople = 60;
constexpr int kPhotosEach = 21;

// Photos of people, one attribute. Neuron 0 responds by 0 … 20, and by `more` where the attribute
// is there, in one photo of three; the others know nothing of it.
struct Example {
  PaperSet set;
  StoredRows neurons;
};

Example example(std::size_t width, int more) {
  Example one;
  one.set.photos.attribute_names = {"Bangs"};
  one.set.people = kPeople;
  one.neurons.width = width;
  for (int person = 0; person < kPeople; ++person) {
    for (int photo = 0; photo < kPhotosEach; ++photo) {
      const bool has = (person + photo) % 3 == 0;
      one.set.photos.photos.push_back({});
      one.set.photos.photos.back().labels = {static_cast<std::int8_t>(has ? 1 : -1)};
      one.set.identities.push_back(person);
      one.set.person_of.push_back(static_cast<std::size_t>(person));
      one.neurons.values.push_back(static_cast<float>(photo + (has ? more : 0)));
      for (std::size_t c = 1; c < width; ++c) {
        one.neurons.values.push_back(static_cast<float>((photo * 7 + person * 3 + c) % 11));
      }
    }
  }
  return one;
}

TEST(BestCut, FindsTheThresholdOfABalancedAccuracyByHand) {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6, 7};
  // Rare: the most frequent answer is no, which is worth half.
  const std::vector<std::int8_t> has = {-1, -1, -1, -1, 1, -1, 1};
  const BalancedCut cut = best_cut(values, has);
  EXPECT_TRUE(cut.above);
  EXPECT_FLOAT_EQ(cut.at, 4.5F);
  EXPECT_DOUBLE_EQ(cut.balanced, (1 + 4.0 / 5) / 2);
}

TEST(BestCut, MaySayYesBelow) {
  const std::vector<float> values = {4, 3, 2, 1};
  const std::vector<std::int8_t> has = {-1, -1, 1, 1};
  const BalancedCut cut = best_cut(values, has);
  EXPECT_FALSE(cut.above);
  EXPECT_FLOAT_EQ(cut.at, 2.5F);
  EXPECT_TRUE(cut.says(1));
  EXPECT_FALSE(cut.says(3));
  EXPECT_DOUBLE_EQ(cut.balanced, 1);
}

TEST(BestCut, OfLabelsOfOneKindAlwaysSaysSo) {
  const std::vector<float> values = {1, 2};
  EXPECT_TRUE(best_cut(values, std::vector<std::int8_t>{1, 1}).says(-100));
  EXPECT_FALSE(best_cut(values, std::vector<std::int8_t>{-1, -1}).says(100));
  EXPECT_THROW(best_cut(values, std::vector<std::int8_t>{1}), Error);
}

TEST(BestCut, IsTheLowestOfEquals) {
  const std::vector<float> values = {1, 2, 3, 4};
  // From 1.5 on, and from 3.5 on, a quarter of one kind is told wrongly.
  const BalancedCut cut = best_cut(values, std::vector<std::int8_t>{-1, 1, -1, 1});
  EXPECT_DOUBLE_EQ(cut.balanced, 0.75);
  EXPECT_FLOAT_EQ(cut.at, 1.5F);
}

TEST(BestCut, LiesBetweenValuesThatDiffer) {
  // Not among the twos, though the order of the labels there would be worth it.
  const BalancedCut among =
      best_cut(std::vector<float>{1, 2, 2, 2, 2}, std::vector<std::int8_t>{-1, -1, -1, 1, 1});
  EXPECT_FLOAT_EQ(among.at, 1.5F);
  EXPECT_DOUBLE_EQ(among.balanced, (1 + 1.0 / 3) / 2);
  // The middle of neighbours is the lower one itself.
  const float next = std::nextafter(1.0F, 2.0F);
  const BalancedCut close = best_cut(std::vector<float>{1, next}, std::vector<std::int8_t>{-1, 1});
  EXPECT_FALSE(close.says(1));
  EXPECT_TRUE(close.says(next));
}

TEST(BestCut, OfEqualValuesIsChance) {
  const std::vector<float> values = {2, 2, 2, 2};
  EXPECT_DOUBLE_EQ(best_cut(values, std::vector<std::int8_t>{1, -1, -1, -1}).balanced, 0.5);
}

// The SVM's score of one neuron is that neuron, moved and stretched: by one rule both tell the
// same. By its own sign the SVM would say the more frequent no more often, and tell less.
TEST(FewNeurons, ASingleNeuronTellsWhatItsSvmTells) {
  const Example one = example(1, 8);
  const FewNeurons few = few_neurons(one.neurons, one.set, 1);
  EXPECT_DOUBLE_EQ(few.by_share.back().average().balanced, few.single.average().balanced);
  EXPECT_GT(few.single.average().balanced, 0.6);
  EXPECT_LT(few.single.average().balanced, 0.9);
}

TEST(FewNeurons, OneThatTellsAllIsEnough) {
  const Example one = example(20, 40);  // apart by far
  const FewNeurons few = few_neurons(one.neurons, one.set, 1);
  ASSERT_EQ(few.by_share.size(), kNeuronShares.size());
  EXPECT_DOUBLE_EQ(few.single.average().balanced, 1);
  for (const AnswerCounts& counts : few.by_share) EXPECT_GT(counts.average().balanced, 0.999);
  const Interval kept = kept_above_chance(few.by_share[kTenth], few.by_share.back(), "x", 20);
  EXPECT_NEAR(kept.value, 1, 0.002);
}

TEST(FewNeurons, MeasuresPeopleWhoTaughtNothing) {
  const Example one = example(1, 8);
  const SetHalves halves(one.set);
  EXPECT_EQ(halves.people, kPeople / 2U);
  EXPECT_EQ(halves.teach.size() + halves.others.size(), one.set.size());
  for (std::size_t i = 0; i < halves.others.size(); ++i) {
    EXPECT_EQ(one.set.identities[halves.others[i]] % 2, 1);
    const std::size_t first = i / kPhotosEach * kPhotosEach;
    EXPECT_EQ(halves.person_of[i], halves.person_of[first]);
    EXPECT_LT(halves.person_of[i], halves.people);
    if (first > 0) {
      EXPECT_NE(halves.person_of[i], halves.person_of[first - 1]);
    }
  }
}

// Among the others the neuron responds the other way: whoever learnt of those who teach is wrong.
TEST(FewNeurons, LearnsNothingFromThoseWhoAreMeasured) {
  Example one = example(3, 40);
  for (std::size_t i = 0; i < one.set.size(); ++i) {
    float& response = one.neurons.values[i * 3];
    if (one.set.identities[i] % 2 == 1) response = 60 - response;
  }
  const FewNeurons few = few_neurons(one.neurons, one.set, 1);
  EXPECT_LT(few.single.average().balanced, 0.1);
  for (const AnswerCounts& counts : few.by_share) EXPECT_LT(counts.average().balanced, 0.3);
}

// Neurons of other units: the one that tells all responds a thousand times as strongly, so its
// weight is small. It is the last, too.
TEST(FewNeurons, BestAreThoseOfTheLargestWeightsInUnitsOfTheirSpread) {
  constexpr std::size_t width = 20;
  Example one = example(width, 40);
  for (std::size_t i = 0; i < one.set.size(); ++i) {
    float* row = one.neurons.values.data() + i * width;
    std::swap(row[0], row[width - 1]);
    row[width - 1] *= 1000;
  }
  const FewNeurons few = few_neurons(one.neurons, one.set, 1);
  EXPECT_GT(few.by_share.front().average().balanced, 0.999) << "by one neuron";
  EXPECT_DOUBLE_EQ(few.single.average().balanced, 1);
}

// Two neurons show the signal in noise, a third the noise alone: it is what the SVM of all weighs
// most, so that half of the four are it and one of the two. The weights of that SVM would take
// twice too much noise away. `side`: of the noise among those who are measured.
double balanced_of_half(float side) {
  Example one = example(4, 0);
  std::mt19937 random(5);
  std::normal_distribution<float> normal(0, 2);
  for (std::size_t i = 0; i < one.set.size(); ++i) {
    const float signal = one.set.has(i, 0) ? 1.0F : -1.0F;
    const float noise = normal(random);
    float* row = one.neurons.values.data() + i * 4;
    row[0] = row[1] = signal + noise;
    row[2] = one.set.identities[i] % 2 == 0 ? noise : side * noise;
    row[3] = 0;
  }
  constexpr std::size_t half = 5;
  static_assert(kNeuronShares[half] == 0.5);
  return few_neurons(one.neurons, one.set, 1).by_share[half].average().balanced;
}

TEST(FewNeurons, AreReadByAnSvmOfTheirOwn) {
  EXPECT_GT(balanced_of_half(1), 0.99);
  EXPECT_LT(balanced_of_half(-1), 0.7) << "fitted to those who teach";
}

TEST(KeptAboveChance, IsAShareOfWhatAllReach) {
  AnswerCounts all(1, 1);
  AnswerCounts some(1, 1);
  for (int i = 0; i < 10; ++i) {
    all.add(0, 0, true, true);
    all.add(0, 0, i < 2, false);  // balanced 0.9
    some.add(0, 0, true, true);
    some.add(0, 0, i < 4, false);  // balanced 0.8
  }
  EXPECT_NEAR(kept_above_chance(some, all, "x", 5).value, 0.75, 1e-12);
  AnswerCounts chance(1, 1);
  chance.add(0, 0, true, true);
  chance.add(0, 0, true, false);
  EXPECT_EQ(kept_above_chance(some, chance, "x", 5).value, 0) << "nothing of nothing";
}

}  // namespace
}  // namespace facet::detail
