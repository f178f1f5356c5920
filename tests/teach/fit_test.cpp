// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "facet/error.hpp"
#include "stages/box_fit.hpp"
#include "stages/head_fit.hpp"
#include "stages/pose_box_fit.hpp"
#include "teach/calibration.hpp"
#include "teach/decision_threshold.hpp"
#include "teach/linear_svm.hpp"

namespace facet::detail {
namespace {

using testing::FloatNear;

TEST(Svm, SeparatesClassesAndIgnoresTheScaleOfFeatures) {
  std::mt19937 engine(1);
  std::normal_distribution<float> noise(0, 1);
  std::vector<float> rows;
  std::vector<std::int8_t> targets;
  for (int i = 0; i < 400; ++i) {
    const bool positive = i % 2 == 0;
    rows.push_back(noise(engine) + (positive ? 2.5F : -2.5F));
    rows.push_back(1000 * noise(engine));  // says nothing, loudly
    targets.push_back(positive ? 1 : 0);
  }
  targets[3] = -1;  // unknown
  const SvmFeatures features(rows, 2);
  const auto plane = features.train(targets, 100);
  int right = 0;
  for (std::size_t i = 0; i < 400; ++i) {
    const float score =
        rows[2 * i] * plane.weight[0] + rows[2 * i + 1] * plane.weight[1] + plane.bias;
    right += (score > 0) == (i % 2 == 0) ? 1 : 0;
  }
  EXPECT_GE(right, 392);
}

// Means over a map: all near 5, apart by hundredths, beside features that are often zero.
TEST(Svm, UsesSmallDifferencesFarFromZero) {
  std::mt19937 engine(21);
  std::normal_distribution<float> noise(0, 1);
  constexpr std::size_t width = 40;
  std::vector<float> rows;
  std::vector<std::int8_t> targets;
  for (int i = 0; i < 600; ++i) {
    const bool positive = i % 2 == 0;
    for (std::size_t k = 0; k + 1 < width; ++k) {
      rows.push_back(k < 5 ? std::max(0.0F, noise(engine)) : 5 + 0.01F * noise(engine));
    }
    rows.push_back(5 + 0.01F * (noise(engine) + (positive ? 3.0F : -3.0F)));
    targets.push_back(positive ? 1 : 0);
  }
  const auto plane = SvmFeatures(rows, width).train(targets, 1);
  int right = 0;
  for (std::size_t i = 0; i < 600; ++i) {
    double score = plane.bias;
    for (std::size_t k = 0; k < width; ++k) score += rows[i * width + k] * plane.weight[k];
    right += (score > 0) == (i % 2 == 0) ? 1 : 0;
  }
  EXPECT_GE(right, 590);
}

TEST(Svm, LeavesRowsOfUnknownTargetOut) {
  const std::vector<float> known = {1, 2, 3, 7, 8, 9};
  std::vector<float> rows = known;
  std::vector<std::int8_t> targets = {0, 0, 0, 1, 1, 1};
  for (int i = 0; i < 30; ++i) {  // would drown the rest if they counted as "no"
    rows.push_back(8);
    targets.push_back(-1);
  }
  const auto plane = SvmFeatures(rows, 1).train(targets, 1000);
  EXPECT_GT(8 * plane.weight[0] + plane.bias, 0);
  EXPECT_LT(2 * plane.weight[0] + plane.bias, 0);
}

TEST(Svm, GivesTheSamePlaneWhicheverClassComesFirst) {
  const std::vector<float> rows = {1, 2, 3, 7, 8, 9};
  const SvmFeatures features(rows, 1);
  const auto up = features.train(std::vector<std::int8_t>{0, 0, 0, 1, 1, 1}, 100);
  const auto down = features.train(std::vector<std::int8_t>{1, 1, 1, 0, 0, 0}, 100);
  EXPECT_GT(up.weight[0], 0);
  EXPECT_THAT(down.weight[0], FloatNear(-up.weight[0], 0.02F));
}

TEST(Svm, RefusesOneClassAlone) {
  const SvmFeatures features(std::vector<float>{1, 2, 3}, 1);
  EXPECT_THROW((void)features.train(std::vector<std::int8_t>{1, 1, 1}, 1), Error);
}

TEST(Calibration, RecoversTheLogisticThatMadeTheLabels) {
  std::mt19937 engine(2);
  std::uniform_real_distribution<float> uniform(0, 1);
  const Logistic truth{1.7F, -0.6F};
  std::vector<float> scores;
  std::vector<std::int8_t> targets;
  for (int i = 0; i < 20000; ++i) {
    scores.push_back(6 * uniform(engine) - 3);
    targets.push_back(uniform(engine) < truth(scores.back()) ? 1 : 0);
  }
  const Logistic fitted = fit_logistic(scores, targets);
  EXPECT_THAT(fitted.a, FloatNear(1.7F, 0.1F));
  EXPECT_THAT(fitted.b, FloatNear(-0.6F, 0.1F));
}

TEST(Calibration, AnswersTheShareWhereOneClassIsAbsent) {
  const Logistic fitted =
      fit_logistic(std::vector<float>{1, 2, 3, 4}, std::vector<std::int8_t>{0, 0, 0, -1});
  EXPECT_EQ(fitted.a, 0);
  EXPECT_THAT(fitted(10), FloatNear(0.2F, 1e-5F));  // (0 + 1) / (3 + 2)
}

TEST(Calibration, StaysFiniteOnSeparableScores) {
  const Logistic fitted =
      fit_logistic(std::vector<float>{-2, -1, 1, 2}, std::vector<std::int8_t>{0, 0, 1, 1});
  EXPECT_TRUE(std::isfinite(fitted.a));
  EXPECT_GT(fitted(2), 0.5F);
  EXPECT_LT(fitted(-2), 0.5F);
}

TEST(Calibration, MatchesTheShareAndKeepsTheSlope) {
  const std::vector<float> scores = {-3, -1, 0, 0.5F, 2, 7, 9};
  const std::vector<std::int8_t> targets = {0, 0, 1, 0, 0, 1, -1};
  const Logistic matched = match_share({2, 40}, scores, targets);
  EXPECT_EQ(matched.a, 2);
  double sum = 0;
  for (std::size_t i = 0; i < 6; ++i) sum += matched(scores[i]);
  EXPECT_NEAR(sum / 6, 3.0 / 8, 1e-5) << "two of six, and one of each kind";
  const Logistic flat = match_share({0, 5}, scores, targets);
  EXPECT_NEAR(flat(100), 3.0 / 8, 1e-5);
  const std::vector<std::int8_t> all(7, 1);
  EXPECT_LT(match_share({1, 0}, scores, all)(9), 1);
  const std::vector<std::int8_t> unknown(7, -1);
  EXPECT_EQ(match_share({3, 4}, scores, unknown).b, 4);
}

TEST(Threshold, LiesBetweenFacesAndScenes) {
  const float threshold = decision_threshold({5, 6, 7, 8}, {0, 1, 1, 2}, 0.01);
  EXPECT_GT(threshold, 2);
  EXPECT_LT(threshold, 5);
}

TEST(Threshold, IsRaisedUntilFewScenesReachIt) {
  std::vector<float> scenes(100, 0.0F);
  scenes[0] = scenes[1] = 4;  // 2 % of the scenes look like faces
  const float threshold = decision_threshold({3, 3, 3, 6}, scenes, 0.01);
  EXPECT_GT(threshold, 4);
}

TEST(Threshold, NeedsBothKinds) {
  EXPECT_THROW(decision_threshold({}, {1}, 0.01), Error);
}

TEST(BoxFit, FindsTheFourNumbersDespiteWrongWindows) {
  std::vector<Window> windows;
  std::vector<Box> boxes;
  for (int i = 0; i < 50; ++i) {
    Window window;
    window.side = 20.0F + static_cast<float>(i);
    window.centre_x = 100;
    window.centre_y = 100;
    const float width = 0.7F * window.side;
    const float height = 1.1F * window.side;
    Box box{100 + 0.05F * window.side - width / 2, 100 + 0.1F * window.side - height / 2, width,
            height};
    if (i % 5 < 3) box.x += 500;  // LNet looked elsewhere, more often than not
    windows.push_back(window);
    boxes.push_back(box);
  }
  const auto numbers = fit_box(windows, boxes);
  EXPECT_THAT(numbers[0], FloatNear(0.05F, 1e-4F));
  EXPECT_THAT(numbers[1], FloatNear(0.1F, 1e-4F));
  EXPECT_THAT(numbers[2], FloatNear(0.7F, 1e-4F));
  EXPECT_THAT(numbers[3], FloatNear(1.1F, 1e-4F));
}

TEST(PoseBoxFit, FindsNumbersInTheFacesOwnAxesDespiteWrongBoxes) {
  const PoseBox numbers = {0.05F, 0.1F, 0.7F, 1.1F};
  std::vector<FacePose> poses;
  std::vector<Box> boxes;
  for (int i = 0; i < 20; ++i) {
    const float angle = 0.02F * static_cast<float>(i % 5 - 2);
    poses.push_back({100, 90, 40 + static_cast<float>(i), angle});
    boxes.push_back(box_of_pose(poses.back(), numbers));
    if (i % 7 == 0) boxes.back().width *= 2;
    if (i % 9 == 0) boxes.back().x += 500;
  }
  const PoseBox fitted = fit_pose_box(poses, boxes);
  for (std::size_t k = 0; k < 4; ++k) EXPECT_THAT(fitted[k], FloatNear(numbers[k], 0.02F)) << k;
  for (Box& box : boxes) box.x += 1000;
  EXPECT_THROW(fit_pose_box(poses, boxes), Error);
}

TEST(HeadFit, LearnsFromPatchesAndKeepsTheChoosingPhotosApart) {
  std::mt19937 engine(3);
  std::normal_distribution<float> noise(0, 1);
  std::vector<PackEntry> entries(300);
  PatchFeatures features;
  features.patches = 4;
  features.features = 3;
  std::vector<bool> chooses;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i].name = std::to_string(i);
    entries[i].labels = {static_cast<std::int8_t>(i % 2), static_cast<std::int8_t>(i % 3 == 0)};
    features.photos.push_back(&entries[i]);
    for (int p = 0; p < features.patches; ++p) {
      features.values.push_back(noise(engine) + 2.0F * static_cast<float>(i % 2));
      features.values.push_back(noise(engine) + (i % 3 == 0 ? 2.0F : 0.0F));
      features.values.push_back(noise(engine));
    }
    chooses.push_back(i % 5 == 0);
  }
  HeadFitSettings settings;
  settings.train_patches = 2;
  const HeadFit fit = fit_head(features, chooses, {"odd", "third"}, settings);
  EXPECT_GT(fit.chosen_accuracy, 90);
  ASSERT_EQ(fit.head.weight.size(), 6U);
  EXPECT_GT(fit.head.weight[0], std::abs(fit.head.weight[1]));
  EXPECT_GT(fit.head.weight[4], std::abs(fit.head.weight[3]));
}

TEST(HeadFit, TrainsOnTheOthersThanThosePhotosThatChoose) {
  std::vector<PackEntry> entries(100);
  PatchFeatures features;
  features.patches = 1;
  features.features = 1;
  std::vector<bool> chooses;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool chooser = i % 5 == 0;
    const bool high = i % 2 == 0;
    // Those that choose are labelled the other way round: training on them would turn the weight.
    entries[i].labels = {static_cast<std::int8_t>(high != chooser)};
    features.photos.push_back(&entries[i]);
    features.values.push_back(high ? 2.0F : 1.0F);
    chooses.push_back(chooser);
  }
  const HeadFit fit = fit_head(features, chooses, {"high"}, {});
  EXPECT_GT(fit.head.weight[0], 0);
  EXPECT_LT(fit.head.calibration_a[0], 0) << "calibrated on the photos that choose";
}

TEST(HeadFit, TakesHowOftenAnAttributeIsPresentFromAllPhotos) {
  std::mt19937 engine(11);
  std::normal_distribution<float> noise(0, 1);
  std::vector<PackEntry> entries(400);
  PatchFeatures features;
  features.patches = 1;
  features.features = 1;
  std::vector<bool> chooses;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool chooser = i % 10 == 0;
    // One in four, but every second of the few that choose, at the same scores.
    const bool present = chooser ? i % 20 == 0 : i % 4 == 1;
    entries[i].labels = {static_cast<std::int8_t>(present)};
    features.photos.push_back(&entries[i]);
    features.values.push_back(noise(engine));
    chooses.push_back(chooser);
  }
  const HeadFit fit = fit_head(features, chooses, {"quarter"}, {});
  const Logistic logistic{fit.head.calibration_a[0], fit.head.calibration_b[0]};
  double sum = 0;
  double share = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    sum += logistic(features.values[i] * fit.head.weight[0] + fit.head.bias[0]);
    share += entries[i].labels[0];
  }
  EXPECT_NEAR(sum / 400, share / 400, 0.01);
  EXPECT_NEAR(fit.head.threshold_balanced[0], share / 400, 1e-6);
}

// Few noisy photos for the SVM, a network that knows better: its own plane is listened to.
TEST(HeadFit, MixesInTheNetworksOwnPlaneWhereThatDecidesBetter) {
  std::mt19937 engine(5);
  std::normal_distribution<float> noise(0, 1);
  std::vector<PackEntry> entries(230);
  PatchFeatures features;
  features.patches = 1;
  features.features = 20;
  std::vector<bool> chooses;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i].labels = {static_cast<std::int8_t>(i % 2)};
    features.photos.push_back(&entries[i]);
    for (int k = 0; k < features.features; ++k) {
      features.values.push_back(noise(engine) + (k == 0 ? 2.0F * static_cast<float>(i % 2) : 0.0F));
    }
    chooses.push_back(i >= 30);
  }
  HeadFitSettings settings;
  const HeadFit alone = fit_head(features, chooses, {"odd"}, settings);
  EXPECT_EQ(alone.tag_share, 0);
  settings.tag_shares = {0, 0.5F, 0.9F};
  settings.own = TagPlanes{std::vector<float>(20, 0.0F), {-7.0F}};
  settings.own->weight[0] = 7;  // right, in a unit of its own
  const HeadFit both = fit_head(features, chooses, {"odd"}, settings);
  EXPECT_GT(both.tag_share, 0);
  EXPECT_GT(both.chosen_accuracy, alone.chosen_accuracy);
  settings.refit_on_all = true;
  const HeadFit again = fit_head(features, chooses, {"odd"}, settings);
  EXPECT_EQ(again.tag_share, both.tag_share);
  EXPECT_NE(again.head.weight, both.head.weight);
  settings.own->bias.clear();
  EXPECT_THROW(fit_head(features, chooses, {"odd"}, settings), Error);
}

TEST(TagPlanes, AreTheLastLayersOutputsFromTheFirstAskedFor) {
  NetworkPart network;
  Layer feature;
  feature.name = "FC";
  Layer last;
  last.name = "tags";
  last.in_channels = 2;
  last.out_channels = 3;
  network.spec.layers = {feature, last};
  network.weights["tags.weight"] = {{3, 2, 1, 1}, {1, 2, 3, 4, 5, 6}};
  network.weights["tags.bias"] = {{3}, {7, 8, 9}};
  const TagPlanes planes = tag_planes(network, "FC", 1, 2);
  EXPECT_EQ(planes.weight, (std::vector<float>{3, 4, 5, 6}));
  EXPECT_EQ(planes.bias, (std::vector<float>{8, 9}));
  EXPECT_THROW(tag_planes(network, "FC", 2, 2), Error) << "more than there are";
  EXPECT_THROW(tag_planes(network, "C5", 0, 2), Error) << "another layer's features";
}

}  // namespace
}  // namespace facet::detail
