// SPDX-License-Identifier: Apache-2.0
#include "describe/describer.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/thread_limit.hpp"
#include "describe/one_pass_networks.hpp"
#include "facet/error.hpp"
#include "image/resample.hpp"
#include "localise/blob_model.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

PatchSettings small_patches() {
  PatchSettings settings;
  settings.region_scale = 1.5F;
  settings.centre_y = -0.25F;
  settings.region_side = 12;
  settings.patch_side = 8;
  settings.offsets = {0, 1, 4};
  return settings;
}

// The box whose region is [2, 14) × [1, 13) of a photo: region pixels are photo pixels.
constexpr Box kBox{5, 5, 6, 8};

// Red tells the column, green the row; blue makes the levels usual ones, which nothing stretches.
Image coordinates(int width, int height) {
  Image photo(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      photo.row(y)[3 * x] = static_cast<std::uint8_t>(10 * x);
      photo.row(y)[3 * x + 1] = static_cast<std::uint8_t>(10 * y);
      photo.row(y)[3 * x + 2] = static_cast<std::uint8_t>(10 * x);
    }
  }
  return photo;
}

// Features: red at the patch's top left pixel and green at its bottom right one, in bytes.
NetworkPart corner_network() {
  NetworkPart part;
  part.spec.mean = 0;
  part.spec.scale = 1;
  Layer fc;
  fc.name = "FC";
  fc.in_channels = 3;
  fc.out_channels = 2;
  fc.kernel = 8;
  part.spec.layers = {fc};
  WeightTensor weight{{2, 3, 8, 8}, std::vector<float>(2 * 3 * 64, 0.0F)};
  weight.values[0] = 1;
  weight.values[3 * 64 + 64 + 63] = 1;
  part.weights["FC.weight"] = weight;
  part.weights["FC.bias"] = {{2}, {0, 0}};
  return part;
}

std::shared_ptr<const Model> corner_model() {
  ModelParts parts = testing::blob_parts();
  parts.patches = small_patches();
  return testing::load_model(parts,
                             {{"lnet_o", testing::blob_network()}, {"anet", corner_network()}});
}

TEST(FaceRegion, IsASquareAroundTheShiftedCentre) {
  const TurnedSquare region = face_region(upright_pose(kBox), small_patches());
  EXPECT_EQ(region.centre_x, 8);
  EXPECT_EQ(region.centre_y, 7);
  EXPECT_EQ(region.side, 12);
  EXPECT_EQ(region.angle, 0);
}

TEST(FaceRegion, ShiftsAlongTheFace) {
  FacePose pose = upright_pose(kBox);
  const TurnedSquare upright = face_region(pose, small_patches());
  const float down = upright.centre_y - pose.centre_y;
  ASSERT_NE(down, 0);
  pose.angle = static_cast<float>(M_PI / 2);  // clockwise: the chin points left
  const TurnedSquare turned = face_region(pose, small_patches());
  EXPECT_NEAR(turned.centre_x, pose.centre_x - down, 1e-5);
  EXPECT_NEAR(turned.centre_y, pose.centre_y, 1e-5);
  EXPECT_EQ(turned.angle, pose.angle);
}

TEST(CutPatches, GoesThroughOffsetsRowByRowThenMirrored) {
  const Image photo = coordinates(20, 20);
  const std::vector<Image> patches = cut_patches(photo, upright_pose(kBox), small_patches());
  ASSERT_EQ(patches.size(), 18U);
  const std::vector<int> offsets = {0, 1, 4};
  for (int i = 0; i < 9; ++i) {
    const int top = offsets[static_cast<std::size_t>(i / 3)];
    const int left = offsets[static_cast<std::size_t>(i % 3)];
    const Image& plain = patches[static_cast<std::size_t>(i)];
    ASSERT_EQ(plain.width, 8);
    ASSERT_EQ(plain.height, 8);
    EXPECT_EQ(plain.row(0)[0], 10 * (2 + left)) << i;
    EXPECT_EQ(plain.row(0)[1], 10 * (1 + top)) << i;
    EXPECT_EQ(plain.row(7)[3 * 7], 10 * (2 + left + 7)) << i;
    const Image& mirrored = patches[static_cast<std::size_t>(9 + i)];
    EXPECT_EQ(mirrored.row(0)[0], 10 * (2 + 11 - left)) << i;
    EXPECT_EQ(mirrored.row(0)[1], 10 * (1 + top)) << i;
    EXPECT_EQ(mirrored.row(7)[3 * 7], 10 * (2 + 11 - left - 7)) << i;
  }
}

TEST(CutPatches, MayLeaveOutTheMirroredOnes) {
  PatchSettings settings = small_patches();
  settings.mirrored = false;
  EXPECT_EQ(cut_patches(coordinates(20, 20), upright_pose(kBox), settings).size(), 9U);
}

TEST(CutPatches, RepeatsTheBorderOutsideThePhoto) {
  const std::vector<Image> patches =
      cut_patches(testing::flat_photo(4, 3, 77), upright_pose({-3, -3, 30, 30}), small_patches());
  for (const Image& patch : patches) {
    for (const std::uint8_t value : patch.pixels) ASSERT_EQ(value, 77);
  }
}

TEST(CutPatches, RefusesBoxesWithoutAreaAndOffsetsThatDoNotFit) {
  const Image photo = coordinates(20, 20);
  Describer describer(corner_model());
  for (const Box& box : {Box{5, 5, 0, 8}, Box{5, 5, 6, -1}}) {
    EXPECT_THROW(describer.features(photo, std::span(&box, 1), "FC"), Error);
  }
  PatchSettings settings = small_patches();
  settings.offsets = {0, 5};
  EXPECT_THROW(cut_patches(photo, upright_pose(kBox), settings), Error);
}

TEST(Describer, GivesFeaturesPatchByPatch) {
  Describer describer(corner_model());
  EXPECT_EQ(describer.patches_per_face(), 18);
  EXPECT_EQ(describer.feature_size("FC"), 2);
  const std::vector<float> features =
      describer.features(coordinates(20, 20), std::vector<Box>{kBox}, "FC");
  ASSERT_EQ(features.size(), 36U);
  EXPECT_NEAR(features[0], 20, 0.01);
  EXPECT_NEAR(features[1], 10 * (1 + 7), 0.01);
  EXPECT_NEAR(features[2 * 5], 20 + 40, 0.01);      // offset (4, 1)
  EXPECT_NEAR(features[2 * 5 + 1], 80 + 10, 0.01);  //
  EXPECT_NEAR(features[2 * 9], 130, 0.01);          // the first mirrored one
}

TEST(Describer, BatchesManyFacesInOrder) {
  const auto model = corner_model();
  Describer describer(model);
  const Image photo = coordinates(25, 25);
  std::vector<Box> boxes;
  for (int i = 0; i < 9; ++i) {
    boxes.push_back({4.0F + static_cast<float>(i), 12.0F - static_cast<float>(i), 6, 8});
  }
  const std::vector<float> all = describer.features(photo, boxes, "FC");
  ASSERT_EQ(all.size(), 9U * 36U);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const std::vector<float> one = describer.features(photo, std::span(&boxes[i], 1), "FC");
    for (std::size_t j = 0; j < one.size(); ++j) ASSERT_EQ(all[i * 36 + j], one[j]);
  }
  EXPECT_TRUE(describer.features(photo, {}, "FC").empty());
}

TEST(Describer, DescribesFacesOfSeveralPhotosTogether) {
  Describer describer(corner_model());
  const std::vector<Image> photos = {coordinates(25, 25), testing::noise_photo(30, 25, 3)};
  const std::vector<Box> boxes = {kBox, {8, 9, 6, 8}};
  const std::vector<FaceInPhoto> faces = {
      {photos[1], boxes[0]}, {photos[0], boxes[0]}, {photos[1], boxes[1]}};
  std::vector<float> expected;
  for (const FaceInPhoto& face : faces) {
    const auto one = describer.features(face.photo, std::span(&face.box, 1), "FC");
    expected.insert(expected.end(), one.begin(), one.end());
  }
  EXPECT_EQ(describer.features(faces, "FC"), expected);
  EXPECT_THROW(describer.features(Image(), boxes, "FC"), Error);
}

// A small network of the paper's form behind the given patches.
std::shared_ptr<const Model> paper_model(const std::vector<int>& offsets, int padding = 0,
                                         bool depths = false) {
  ModelParts parts = testing::blob_parts();
  parts.patches = {};
  parts.patches.offsets = offsets;
  NetworkPart anet;
  anet.spec = testing::paper_anet(4, 8, 8, 8, 16);
  if (padding != 0) {
    anet.spec.layers[0].padding = padding;
    parts.patches.patch_side = 88 - 2 * padding;
  }
  if (depths) {
    anet.spec.layers.push_back(depths_layer("depths", anet.spec.layers, {"C4", "C1"}));
  }
  testing::RandomSource random(3);
  anet.weights = testing::random_weights(anet.spec, random);
  return testing::load_model(parts, {{"lnet_o", testing::blob_network()}, {"anet", anet}});
}

// What the describer says of some faces, against each face's patches by themselves.
void expect_features_of_patches(const std::shared_ptr<const Model>& model, Describer& describer,
                                const std::string& layer = "FC") {
  const ThreadLimit one_thread(1);  // on a busy machine threads wait for each other
  const Image photo = testing::noise_photo(150, 120, 4);
  std::vector<Box> boxes;
  for (int i = 0; i < 11; ++i) {
    const auto shift = static_cast<float>(i);
    boxes.push_back({8 * shift, 7 * shift, 60 + shift, 75 - shift});
  }
  FeatureMap features;
  features.values = describer.features(photo, boxes, layer);
  std::vector<float> expected;
  NetworkRunner runner(*parts_of(*model).anet);
  for (const Box& box : boxes) {
    runner.set_input(cut_patches(photo, upright_pose(box), parts_of(*model).patches));
    const FeatureMap& map = runner.run(parts_of(*model).anet->layer_index(layer));
    expected.insert(expected.end(), map.values.begin(), map.values.end());
  }
  const int patches = describer.patches_per_face() * static_cast<int>(boxes.size());
  ASSERT_EQ(features.values.size(), expected.size());
  const FeatureMap all{patches, 1, 1, describer.feature_size(layer), expected};
  features.resize(patches, 1, 1, describer.feature_size(layer));
  testing::expect_equal_patches(features, all);
}

TEST(Describer, GivesTheFeaturesOfPatchesInOnePass) {
  const auto model = paper_model({0, 8, 16});
  Describer describer(model);
  EXPECT_TRUE(describer.in_one_pass());
  expect_features_of_patches(model, describer);
}

TEST(Describer, GivesTheFeaturesOfTheFirstModelInOnePass) {
  const auto model =
      Model::load(std::filesystem::path(FACET_SOURCE_DIR) / "models" / "paper.safetensors");
  Describer describer(model);
  EXPECT_TRUE(describer.in_one_pass());
  expect_features_of_patches(model, describer);
}

TEST(Describer, GoesPatchByPatchWhereOnePassDoesNotServe) {
  for (const auto& model : {paper_model({0, 3, 16}), paper_model({4}), paper_model({0, 8}, 1)}) {
    Describer describer(model);
    EXPECT_FALSE(describer.in_one_pass());
    expect_features_of_patches(model, describer);
  }
}

TEST(Describer, ReadsSeveralDepthsOfEachPatch) {
  const auto model = paper_model({0, 8, 16}, 0, true);
  Describer describer(model);
  EXPECT_FALSE(describer.in_one_pass()) << "each patch's maps are averaged as a whole";
  EXPECT_GT(describer.feature_size("depths"), describer.feature_size("FC"));
  expect_features_of_patches(model, describer, "depths");
}

TEST(Describer, NeedsANetworkAndAKnownLayer) {
  EXPECT_THROW(Describer(testing::blob_model(false)), Error);
  Describer describer(corner_model());
  EXPECT_THROW(describer.features(coordinates(20, 20), std::vector<Box>{kBox}, "C9"), Error);
}

}  // namespace
}  // namespace facet::detail
