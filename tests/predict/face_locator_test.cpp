// SPDX-License-Identifier: Apache-2.0
#include "predict/face_locator.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "describe/pose_box.hpp"
#include "facet/predictor.hpp"
#include "localise/blob_model.hpp"

namespace facet::detail {
namespace {

constexpr int kSide = 8;

// Its aligner says the same of every view: a face a quarter of its height further right.
std::shared_ptr<const Model> moving_model(bool draws_boxes) {
  NetworkPart aligner;
  Layer layer;
  layer.name = "pose";
  layer.in_channels = 3;
  layer.out_channels = 4;
  layer.kernel = kSide;
  aligner.spec.layers = {layer};
  aligner.weights["pose.weight"] = {{4, 3, kSide, kSide},
                                    std::vector<float>(4 * 3 * kSide * kSide, 0.0F)};
  aligner.weights["pose.bias"] = {{4}, {0.25F, 0, 0, 0}};
  ModelParts parts = testing::blob_parts();
  parts.alignment.side = kSide;
  parts.alignment.looks = 1;
  if (draws_boxes) parts.alignment.box = PoseBox{0, 0.1F, 0.5F, 0.8F};
  return testing::load_model(parts, {{"lnet_o", testing::blob_network()}, {"aligner", aligner}});
}

// ANet says the same of every patch, and the face check takes that for such log odds of a face.
std::shared_ptr<const Model> checking_model(float log_odds, float threshold) {
  NetworkPart anet;
  Layer layer;
  layer.name = "FC";
  layer.in_channels = 3;
  layer.out_channels = 1;
  layer.kernel = kSide;
  anet.spec.layers = {layer};
  anet.weights["FC.weight"] = {{1, 3, kSide, kSide}, std::vector<float>(3 * kSide * kSide, 0.0F)};
  anet.weights["FC.bias"] = {{1}, {1}};
  ModelParts parts = testing::blob_parts();
  parts.patches.region_side = kSide;
  parts.patches.patch_side = kSide;
  parts.patches.offsets = {0};
  parts.patches.mirrored = false;
  parts.localiser.threshold = threshold;
  Head check;
  check.name = "face_check";
  check.feature_layer = "FC";
  check.attributes = {"face"};
  check.weight = {2};  // scores are 2
  check.bias = {0};
  check.calibration_a = {log_odds};
  check.calibration_b = {-log_odds};
  check.threshold = {0.5F};
  check.threshold_balanced = {0.5F};
  parts.face_check = check;
  return testing::load_model(parts, {{"lnet_o", testing::blob_network()}, {"anet", anet}});
}

Image photo_of(std::initializer_list<float> centres) {
  Image photo = testing::flat_photo(300, 120, 20);
  for (const float x : centres) testing::draw_blob(photo, x, 60, 40);
  return photo;
}

TEST(FaceLocator, DrawsBoxesWhereTheAlignerSeesFaces) {
  const Image photo = photo_of({60});
  Predictor lnet(moving_model(false), 1, Precision::fp32);
  Predictor drawn(moving_model(true), 1, Precision::fp32);
  const auto before = lnet.locate(photo).faces;
  const auto after = drawn.locate(photo).faces;
  ASSERT_EQ(before.size(), 1U);
  ASSERT_EQ(after.size(), 1U);
  const float height = before[0].box.height;
  EXPECT_NEAR(after[0].box.centre_x(), before[0].box.centre_x() + 0.25F * height, 0.01F);
  EXPECT_NEAR(after[0].box.centre_y(), before[0].box.centre_y() + 0.1F * height, 0.01F);
  EXPECT_NEAR(after[0].box.width, 0.5F * height, 0.01F);
  EXPECT_NEAR(after[0].box.height, 0.8F * height, 0.01F);
  EXPECT_EQ(after[0].score, before[0].score);
}

TEST(FaceLocator, AsksTheFaceCheckWhereItIsInDoubt) {
  const Image photo = photo_of({60});
  const auto faces = [&](float log_odds, float threshold) {
    Predictor predictor(checking_model(log_odds, threshold), 1, Precision::fp32);
    LocateOptions options;
    options.turns = Turns::none;
    return predictor.locate(photo, options).faces;
  };
  const auto sure = faces(-9, 0.01F);
  ASSERT_EQ(sure.size(), 1U);
  const float score = sure[0].score;
  const auto trusted = faces(0.5F, 0.8F * score);
  ASSERT_EQ(trusted.size(), 1U);
  EXPECT_EQ(trusted[0].score, score);
  EXPECT_TRUE(faces(-9, 0.8F * score).empty());
  EXPECT_TRUE(faces(0.5F, 1.3F * score).empty());
  EXPECT_EQ(faces(9, 1.3F * score).size(), 1U);
}

// A face that the frame cuts, which ANet does not know.
TEST(FaceCheck, DoubtsNoFaceThatFillsThePhoto) {
  const auto model = checking_model(-9, 1);
  std::optional<Describer> describer;
  FaceCheck check(model, Precision::fp32, describer);
  const Image photo = testing::flat_photo(100, 80, 20);
  const std::vector<ScoredBox> found = {
      {{10, 10, 60, 60}, 1}, {{2, 10, 92, 60}, 1}, {{20, 2, 50, 76}, 1}};
  const std::vector<float> weights = check.weights(photo, found);
  ASSERT_EQ(weights.size(), 3U);
  EXPECT_FLOAT_EQ(weights[0], 1 / SecondOpinion::kMostDoubt);
  EXPECT_FLOAT_EQ(weights[1], 1);
  EXPECT_FLOAT_EQ(weights[2], 1);
}

TEST(FaceCheck, NeverOutweighsTheEvidence) {
  EXPECT_FLOAT_EQ(weight_of_evidence(0.5F), 1);
  EXPECT_FLOAT_EQ(weight_of_evidence(-100), 1 / SecondOpinion::kMostDoubt);
  EXPECT_FLOAT_EQ(weight_of_evidence(100), SecondOpinion::kMostTrust);
  EXPECT_LT(weight_of_evidence(0), 1);
  EXPECT_GT(weight_of_evidence(1), 1);
}

TEST(FaceLocator, KeepsBoxesInsideThePhoto) {
  const Image photo = photo_of({282});
  Predictor predictor(moving_model(true), 1, Precision::fp32);
  const auto faces = predictor.locate(photo).faces;
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_LE(faces[0].box.x + faces[0].box.width, 300.0F);
  EXPECT_GE(faces[0].box.width, 1.0F);
}

TEST(FaceLocator, GivesABoxAFace) {
  const SearchRequest request{20, 50, false, 0, Proposals::evidence, Turns::none};
  FaceLocator locator(moving_model(true));
  EXPECT_EQ(locator.locate(photo_of({60, 200}), request, false).size(), 2U);
  EXPECT_EQ(locator.locate(photo_of({100}), request, false).size(), 1U);
}

}  // namespace
}  // namespace facet::detail
