// SPDX-License-Identifier: Apache-2.0
// Files of every released version of the formats are read as they were meant. The files are never
// written again; write_released_files makes those of a new version.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "facet/taught_head.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {
namespace {

std::filesystem::path released(const std::string& name) {
  return std::filesystem::path(FACET_SOURCE_DIR) / "tests/model/released" / name;
}

TEST(ReleasedModel1, KeepsItsDescription) {
  const ModelParts parts = read_model_parts(released("model_1.safetensors"));
  EXPECT_EQ(parts.name, "example");
  EXPECT_EQ(parts.version, "1.2");
  EXPECT_EQ(parts.licence, "research only");
  EXPECT_EQ(parts.provenance.at("recipe"), "none");
  EXPECT_EQ(parts.provenance.at("seed"), 7);
  EXPECT_EQ(parts.checksum, "3a1ec7c12780a309593225fbc959ee5320ba1c8051a4ed972c5a0ea816350324");
  EXPECT_EQ(parts.evidence_layer, "tags");
  EXPECT_EQ(parts.response_layer, "C5");
}

TEST(ReleasedModel1, KeepsItsSettings) {
  const ModelParts parts = read_model_parts(released("model_1.safetensors"));
  const LocaliserSettings& localiser = parts.localiser;
  EXPECT_EQ(localiser.face_height, 40);
  EXPECT_EQ(localiser.pyramid_factor, 1.3F);
  EXPECT_EQ(localiser.stride, 2);
  EXPECT_EQ(localiser.min_face, 40);
  EXPECT_EQ(localiser.evidence_margin, 0);
  EXPECT_EQ(localiser.proposal_threshold, 0);
  EXPECT_EQ(localiser.threshold, 0.1F);
  EXPECT_EQ(localiser.refine_side, 16);
  EXPECT_EQ(localiser.refine_context, 2.2F);
  EXPECT_EQ(localiser.refine_scales, (std::vector<float>{0.8F, 0.9F, 1, 1.12F, 1.25F}));
  EXPECT_EQ(localiser.refine_weight, 0.5F);
  EXPECT_EQ(localiser.box, (std::array<float, 4>{0.01F, -0.02F, 0.7F, 1.1F}));
  EXPECT_EQ(parts.alignment.side, 8);
  EXPECT_EQ(parts.alignment.context, 1.25F);
  EXPECT_EQ(parts.alignment.looks, 3);
  EXPECT_EQ(parts.patches.region_scale, 1.45F);
  EXPECT_EQ(parts.patches.centre_y, -0.08F);
  EXPECT_EQ(parts.patches.region_side, 14);
  EXPECT_EQ(parts.patches.patch_side, 12);
  EXPECT_EQ(parts.patches.offsets, (std::vector<int>{0, 2}));
  EXPECT_TRUE(parts.patches.mirrored);
}

TEST(ReleasedModel1, KeepsItsNetworks) {
  const LoadedModel model = read_model(released("model_1.safetensors"));
  ASSERT_EQ(model.networks.size(), 4U);
  const NetworkPart& anet = model.networks.at("anet");
  EXPECT_EQ(anet.spec.mean, 100.5F);
  EXPECT_EQ(anet.spec.scale, 0.01F);
  ASSERT_EQ(anet.spec.layers.size(), 5U);
  EXPECT_EQ(anet.spec.layers[0].kernel, 5);
  EXPECT_EQ(anet.spec.layers[1].kind, LayerKind::max_pool);
  EXPECT_EQ(anet.spec.layers[2].kind, LayerKind::local_tiled);
  EXPECT_EQ(anet.spec.layers[2].cells, 2);
  EXPECT_EQ(anet.spec.layers[3].kind, LayerKind::local_stacked);
  EXPECT_EQ(anet.spec.layers[4].out_channels, 3);
  const Layer& c5 = model.networks.at("lnet_o").spec.layers.at(0);
  EXPECT_EQ(c5.stride, 2);
  EXPECT_EQ(c5.padding, 1);
  EXPECT_TRUE(c5.relu);
  // The sine of each place, at half precision.
  const WeightTensor& weight = anet.weights.at("C3.weight");
  EXPECT_EQ(weight.shape, (std::vector<std::int64_t>{4, 2, 2, 3, 3}));
  EXPECT_NEAR(weight.values.at(1), 0.84147, 3e-4);
  EXPECT_NEAR(weight.values.at(143), -0.99835, 3e-4);
  EXPECT_EQ(model.networks.at("aligner").weights.at("pose.bias").values.size(), 4U);
}

TEST(ReleasedModel1, KeepsItsHead) {
  const ModelParts parts = read_model_parts(released("model_1.safetensors"));
  ASSERT_EQ(parts.heads.size(), 1U);
  const Head& head = parts.heads.at("celeba");
  EXPECT_EQ(head.feature_layer, "FC");
  EXPECT_EQ(head.attributes, (std::vector<std::string>{"Smiling", "Male"}));
  ASSERT_EQ(head.weight.size(), 6U);
  EXPECT_NEAR(head.weight[5], -0.95892, 3e-4);
  EXPECT_EQ(head.bias, (std::vector<float>{0.1F, -1.0F / 3}));
  EXPECT_EQ(head.calibration_a, (std::vector<float>{1.7F, 2.3F}));
  EXPECT_EQ(head.calibration_b, (std::vector<float>{0.3F, -0.7F}));
  EXPECT_EQ(head.threshold, (std::vector<float>{0.5F, 0.45F}));
  EXPECT_EQ(head.threshold_balanced, (std::vector<float>{0.2F, 0.3F}));
}

TEST(ReleasedModel2, KeepsItsDepths) {
  const LoadedModel model = read_model(released("model_2.safetensors"));
  const Layer& depths = model.networks.at("anet").spec.layers.at(5);
  EXPECT_EQ(depths.name, "depths");
  EXPECT_EQ(depths.kind, LayerKind::depths);
  EXPECT_EQ(depths.in_channels, 3);
  EXPECT_EQ(depths.out_channels, 7);
  EXPECT_EQ(depths.of, (std::vector<std::string>{"C3", "C1"}));
  const Head& head = model.parts.heads.at("celeba");
  EXPECT_EQ(head.feature_layer, "depths");
  ASSERT_EQ(head.weight.size(), 14U);
  EXPECT_NEAR(head.weight[13], 0.42017, 3e-4);
}

TEST(ReleasedHead1, IsReadAsItWasWritten) {
  const TaughtHead head = TaughtHead::load(released("head_1.head"));
  EXPECT_EQ(head.name, "Round_Glasses");
  EXPECT_EQ(head.model_name, "example");
  EXPECT_EQ(head.model_version, "1.2");
  EXPECT_EQ(head.anet_checksum, std::string(64, 'a'));
  EXPECT_EQ(head.feature_layer, "FC");
  EXPECT_EQ(head.weight, (std::vector<float>{0.5F, -1.25F, 2}));
  EXPECT_EQ(head.bias, -0.75F);
  EXPECT_EQ(head.calibration_a, 1.5F);
  EXPECT_EQ(head.calibration_b, 0.25F);
  EXPECT_EQ(head.threshold, 0.5F);
  EXPECT_EQ(head.threshold_balanced, 0.125F);
  EXPECT_EQ(head.licence, "research only");
  EXPECT_EQ(head.teaching, (TeachingRecord{60, 20, 10, 0.875F, 0.75F, 0.25F}));
}

}  // namespace
}  // namespace facet::detail
