// SPDX-License-Identifier: Apache-2.0
#include "predict/face_locator.hpp"

#include <gtest/gtest.h>

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
