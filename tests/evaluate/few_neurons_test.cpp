// SPDX-License-Identifier: Apache-2.0
// One rule for scores and single neurons, with known answers.
#include "evaluate/paper/few_neurons.hpp"

#include <gtest/gtest.h>

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
  const Halves halves(one.set);
  EXPECT_EQ(halves.people, kPeople / 2U);
  EXPECT_EQ(halves.teach.size() + halves.others.size(), one.set.size());
  for (const std::size_t photo : halves.others) EXPECT_EQ(one.set.identities[photo] % 2, 1);
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
}

}  // namespace
}  // namespace facet::detail
