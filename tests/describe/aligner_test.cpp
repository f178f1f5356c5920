// SPDX-License-Identifier: Apache-2.0
#include "describe/aligner.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "facet/error.hpp"
#include "localise/blob_model.hpp"

namespace facet::detail {
namespace {

constexpr int kSide = 8;

// Says the same of every view.
std::shared_ptr<const Model> model_saying(std::vector<float> pose, int looks) {
  NetworkPart aligner;
  Layer layer;
  layer.name = "pose";
  layer.in_channels = 3;
  layer.out_channels = 4;
  layer.kernel = kSide;
  aligner.spec.layers = {layer};
  aligner.weights["pose.weight"] = {{4, 3, kSide, kSide},
                                    std::vector<float>(4 * 3 * kSide * kSide, 0.0F)};
  aligner.weights["pose.bias"] = {{4}, std::move(pose)};
  ModelParts parts = testing::blob_parts();
  parts.alignment.side = kSide;
  parts.alignment.looks = looks;
  return testing::load_model(parts, {{"lnet_o", testing::blob_network()}, {"aligner", aligner}});
}

constexpr Box kBox{20, 30, 40, 50};
const Image kPhoto = testing::flat_photo(100, 120, 90);

TEST(Aligner, TakesBoxesAsTheyAreWithoutANetwork) {
  const auto model =
      testing::load_model(testing::blob_parts(), {{"lnet_o", testing::blob_network()}});
  const FacePose pose = Aligner(model).align(kPhoto, kBox);
  EXPECT_EQ(pose.centre_x, 40);
  EXPECT_EQ(pose.centre_y, 55);
  EXPECT_EQ(pose.height, 50);
  EXPECT_EQ(pose.angle, 0);
}

TEST(Aligner, MovesScalesAndTurnsTheFace) {
  const auto model = model_saying({0.125F, -0.25F, 0.0625F, 0.5F}, 1);
  const FacePose pose = Aligner(model).align(kPhoto, kBox);
  EXPECT_NEAR(pose.centre_x, 40 + 0.125 * 50, 1e-3);
  EXPECT_NEAR(pose.centre_y, 55 - 0.25 * 50, 1e-3);
  EXPECT_NEAR(pose.height, 50 * std::exp(0.0625), 1e-3);
  EXPECT_NEAR(pose.angle, 0.5, 1e-5);
}

TEST(Aligner, LooksAgainFromWhereItSawTheFace) {
  const auto model = model_saying({0.125F, 0, 0, 0.5F}, 2);
  const FacePose pose = Aligner(model).align(kPhoto, kBox);
  // To the right first, then along the axes turned by then.
  const double step = 0.125 * 50;
  EXPECT_NEAR(pose.centre_x, 40 + step + step * std::cos(0.5), 1e-3);
  EXPECT_NEAR(pose.centre_y, 55 + step * std::sin(0.5), 1e-3);
  EXPECT_NEAR(pose.angle, 1, 1e-5);
}

TEST(Aligner, StaysNearTheBox) {
  const auto model = model_saying({10, -10, 5, 9}, 3);
  const FacePose pose = Aligner(model).align(kPhoto, kBox);
  EXPECT_LE(std::abs(pose.centre_x - 40), 25.001F);
  EXPECT_LE(std::abs(pose.centre_y - 55), 25.001F);
  EXPECT_LE(pose.height, 100.001F);
}

// Looks at brightness, so that each face is told something else.
TEST(Aligner, TellsManyFacesOfSeveralPhotosWhatItTellsEachAlone) {
  NetworkPart network;
  Layer layer;
  layer.name = "pose";
  layer.in_channels = 3;
  layer.out_channels = 4;
  layer.kernel = kSide;
  network.spec.layers = {layer};
  network.weights["pose.weight"] = {{4, 3, kSide, kSide},
                                    std::vector<float>(4 * 3 * kSide * kSide, 1e-3F)};
  network.weights["pose.bias"] = {{4}, {0.01F, 0, 0, 0.1F}};
  ModelParts parts = testing::blob_parts();
  parts.alignment.side = kSide;
  Aligner aligner(
      testing::load_model(parts, {{"lnet_o", testing::blob_network()}, {"aligner", network}}));
  const std::vector<Image> photos = {testing::noise_photo(100, 120, 1),
                                     testing::flat_photo(90, 80, 200)};
  std::vector<FaceInPhoto> faces;
  for (int i = 0; i < 13; ++i) {
    const auto shift = static_cast<float>(i);
    faces.push_back({photos[i % 2 == 0 ? 0 : 1], {10 + 3 * shift, 5 + shift, 30 + shift, 40}});
  }
  const std::vector<FacePose> poses = aligner.align(faces);
  ASSERT_EQ(poses.size(), faces.size());
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const FacePose alone = aligner.align(faces[i].photo, faces[i].box);
    EXPECT_EQ(poses[i].centre_x, alone.centre_x) << i;
    EXPECT_EQ(poses[i].centre_y, alone.centre_y) << i;
    EXPECT_EQ(poses[i].height, alone.height) << i;
    EXPECT_EQ(poses[i].angle, alone.angle) << i;
  }
  EXPECT_NE(poses[0].angle, poses[1].angle);
  EXPECT_TRUE(aligner.align(std::span<const FaceInPhoto>()).empty());
}

TEST(Aligner, RefusesBoxesWithoutArea) {
  Aligner aligner(model_saying({0, 0, 0, 0}, 1));
  EXPECT_THROW(aligner.align(kPhoto, {5, 5, 0, 8}), Error);
  EXPECT_THROW(aligner.align(kPhoto, {5, 5, 6, -1}), Error);
}

TEST(Aligner, ModelsWhoseNetworkYieldsNoPoseAreRefused) {
  EXPECT_THROW(model_saying({0, 0, 0}, 1), Error);
}

}  // namespace
}  // namespace facet::detail
