// SPDX-License-Identifier: Apache-2.0
// Whole files: what is written is read again, what is damaged is refused.
#include <cmath>

#include "model/model_file_fixture.hpp"

namespace facet::detail {
namespace {

TEST_F(ModelFileTest, ReturnsEveryPartAsItWas) {
  const ModelParts parts = example_parts();
  write_model(path_, parts, example_networks());
  const LoadedModel loaded = read_model(path_);
  EXPECT_EQ(loaded.parts.name, parts.name);
  EXPECT_EQ(loaded.parts.version, parts.version);
  EXPECT_EQ(loaded.parts.licence, parts.licence);
  EXPECT_EQ(loaded.parts.provenance, parts.provenance);
  EXPECT_EQ(loaded.parts.evidence_layer, parts.evidence_layer);
  EXPECT_EQ(loaded.parts.response_layer, parts.response_layer);
  EXPECT_EQ(loaded.parts.checksum.size(), 64U);
  const LocaliserSettings& a = parts.localiser;
  const LocaliserSettings& b = loaded.parts.localiser;
  EXPECT_EQ(b.face_height, a.face_height);
  EXPECT_EQ(b.pyramid_factor, a.pyramid_factor);
  EXPECT_EQ(b.stride, a.stride);
  EXPECT_EQ(b.min_face, a.min_face);
  EXPECT_EQ(b.proposal_threshold, a.proposal_threshold);
  EXPECT_EQ(b.threshold, a.threshold);
  EXPECT_EQ(b.refine_side, a.refine_side);
  EXPECT_EQ(b.refine_context, a.refine_context);
  EXPECT_EQ(b.refine_scales, a.refine_scales);
  EXPECT_EQ(b.refine_weight, a.refine_weight);
  EXPECT_EQ(b.box, a.box);
  EXPECT_EQ(loaded.parts.patches.region_scale, parts.patches.region_scale);
  EXPECT_EQ(loaded.parts.patches.centre_y, parts.patches.centre_y);
  EXPECT_EQ(loaded.parts.patches.region_side, parts.patches.region_side);
  EXPECT_EQ(loaded.parts.patches.patch_side, parts.patches.patch_side);
  EXPECT_EQ(loaded.parts.patches.offsets, parts.patches.offsets);
  EXPECT_EQ(loaded.parts.patches.mirrored, parts.patches.mirrored);
  ASSERT_EQ(loaded.parts.heads.size(), 1U);
  const Head& head = loaded.parts.heads.at("celeba");
  const Head& expected = parts.heads.at("celeba");
  EXPECT_EQ(head.name, expected.name);
  EXPECT_EQ(head.feature_layer, expected.feature_layer);
  EXPECT_EQ(head.attributes, expected.attributes);
  EXPECT_EQ(head.weight, expected.weight);  // representable in half precision
  EXPECT_EQ(head.bias, expected.bias);      // these keep single precision
  EXPECT_EQ(head.calibration_a, expected.calibration_a);
  EXPECT_EQ(head.calibration_b, expected.calibration_b);
  EXPECT_EQ(head.threshold, expected.threshold);
  EXPECT_EQ(head.threshold_balanced, expected.threshold_balanced);
}

TEST_F(ModelFileTest, ReturnsEveryNetworkAsItWas) {
  write_model(path_, example_parts(), example_networks());
  const LoadedModel loaded = read_model(path_);
  const auto networks = example_networks();
  ASSERT_EQ(loaded.networks.size(), networks.size());
  for (const auto& [name, part] : networks) {
    const NetworkPart& back = loaded.networks.at(name);
    EXPECT_EQ(to_json(back.spec), to_json(part.spec));
    ASSERT_EQ(back.weights.size(), part.weights.size());
    for (const auto& [tensor, values] : part.weights) {
      EXPECT_EQ(back.weights.at(tensor).shape, values.shape);
      EXPECT_EQ(back.weights.at(tensor).values, values.values);
    }
  }
  EXPECT_EQ(loaded.parts.lnet_o->layer_index("tags"), 1U);
  EXPECT_EQ(loaded.parts.lnet_s->layer_index("C5"), 0U);
  EXPECT_EQ(loaded.parts.anet->layer_index("FC"), 4U);
}

TEST_F(ModelFileTest, WritesTheSameFileAgain) {
  write_model(path_, example_parts(), example_networks());
  const LoadedModel loaded = read_model(path_);
  write_model(folder_ / "again", loaded.parts, loaded.networks);
  EXPECT_EQ(read_all(folder_ / "again"), read_all(path_));
}

TEST_F(ModelFileTest, KeepsModelsThatOnlyLocate) {
  ModelParts parts = example_parts();
  parts.heads.clear();
  auto networks = example_networks();
  networks.erase("lnet_s");
  networks.erase("anet");
  write_model(path_, parts, networks);
  const LoadedModel loaded = read_model(path_);
  EXPECT_TRUE(loaded.parts.lnet_o);
  EXPECT_FALSE(loaded.parts.lnet_s);
  EXPECT_FALSE(loaded.parts.anet);
}

TEST_F(ModelFileTest, RefusesToWriteWhatItCouldNotRead) {
  const auto refused = [&](const std::function<void(ModelParts&)>& change) {
    ModelParts parts = example_parts();
    change(parts);
    EXPECT_THROW(write_model(path_, parts, example_networks()), Error);
    return !std::filesystem::exists(path_);
  };
  EXPECT_TRUE(refused([](ModelParts& parts) { parts.localiser.threshold = NAN; }));
  EXPECT_TRUE(refused([](ModelParts& parts) { parts.heads.at("celeba").bias.pop_back(); }));
  EXPECT_TRUE(refused([](ModelParts& parts) { parts.heads.at("celeba").weight.pop_back(); }));
  EXPECT_TRUE(refused([](ModelParts& parts) { parts.heads.at("celeba").weight[0] = 1e9F; }));
  EXPECT_TRUE(refused([](ModelParts& parts) { parts.heads.at("celeba").attributes.clear(); }));
  EXPECT_TRUE(refused([](ModelParts& parts) { parts.licence = "\xFF"; }));
  auto networks = example_networks();
  networks["lnet_o"].spec.layers[0].batch_norm = true;
  EXPECT_THROW(write_model(path_, example_parts(), networks), Error);
  networks = example_networks();
  networks["anet"].weights.erase("C3.bias");
  EXPECT_THROW(write_model(path_, example_parts(), networks), Error);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(ModelFileTest, NoticesEveryTruncation) {
  write_model(path_, example_parts(), example_networks());
  const std::string whole = read_all(path_);
  for (std::size_t length = 0; length < whole.size(); length += length < 64 ? 1 : 7) {
    write_all(path_, whole.substr(0, length));
    ASSERT_NE(fault_of_file(), "") << length;
  }
}

TEST_F(ModelFileTest, NoticesEveryChangedByte) {
  write_model(path_, example_parts(), example_networks());
  const std::string whole = read_all(path_);
  for (std::size_t at = 0; at < whole.size(); at += at < 8 ? 1 : 3) {
    std::string changed = whole;
    changed[at] ^= static_cast<char>(at % 2 == 0 ? 0x01 : 0xFF);
    write_all(path_, changed);
    ASSERT_NE(fault_of_file(), "") << "byte " << at << " of " << whole.size();
  }
}

TEST_F(ModelFileTest, RefusesFilesOfOtherPrograms) {
  write_safetensors(path_, {{"w", {{1}, {1}}}}, {}, StoredType::f32);
  EXPECT_THAT(fault_of_file(), HasSubstr("not a facet model"));
  write_safetensors(path_, {{"w", {{1}, {1}}}}, {{"format", "pt"}}, StoredType::f32);
  EXPECT_THAT(fault_of_file(), HasSubstr("not a facet model"));
  write_safetensors(path_, {}, {{"format", "facet-model"}}, StoredType::f32);
  EXPECT_THAT(fault_of_file(), HasSubstr("not a facet model"));
  write_safetensors(path_, {}, {{"format", "facet-model"}, {"facet", "{"}}, StoredType::f32);
  EXPECT_THAT(fault_of_file(), HasSubstr("not valid JSON"));
  write_safetensors(path_, {}, {{"format", "facet-model"}, {"facet", "[]"}}, StoredType::f32);
  EXPECT_THAT(fault_of_file(), HasSubstr("not an object"));
}

}  // namespace
}  // namespace facet::detail
