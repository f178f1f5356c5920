// SPDX-License-Identifier: Apache-2.0
#include "apps/small_model.hpp"

#include <fstream>

#include "explain/concept_parts.hpp"
#include "facet/explain.hpp"
#include "heads/taught_head_match.hpp"
#include "image/encode.hpp"
#include "localise/blob_model.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {
namespace {

constexpr int features = 4;

WeightTensor ramp(const std::vector<std::int64_t>& shape, float step) {
  WeightTensor tensor{shape, {}};
  std::int64_t count = 1;
  for (const std::int64_t side : shape) count *= side;
  for (std::int64_t i = 0; i < count; ++i) {
    tensor.values.push_back(static_cast<float>(i % 7 - 3) * step);
  }
  return tensor;
}

NetworkPart small_anet() {
  Layer layer;
  layer.name = "FC";
  layer.in_channels = 3;
  layer.out_channels = features;
  layer.kernel = 8;
  layer.relu = true;
  NetworkPart part;
  part.spec.layers = {layer};
  part.weights["FC.weight"] = ramp({features, 3, 8, 8}, 0.02F);
  part.weights["FC.bias"] = ramp({features}, 0.1F);
  return part;
}

NetworkPart mapped_anet() {
  constexpr int channels = 2;
  Layer below;
  below.name = "C";
  below.in_channels = 3;
  below.out_channels = channels;
  below.kernel = 1;
  below.relu = true;
  NetworkPart part = small_anet();
  part.spec.layers.insert(part.spec.layers.begin(), below);
  part.spec.layers.back().in_channels = channels;
  part.weights["C.weight"] = ramp({channels, 3, 1, 1}, 0.5F);
  part.weights["C.bias"] = ramp({channels}, -0.1F);
  part.weights["FC.weight"] = ramp({features, channels, 8, 8}, 0.02F);
  return part;
}

Head small_head(const std::string& name, std::size_t attributes) {
  Head head;
  head.name = name;
  head.feature_layer = "FC";
  for (std::size_t i = 0; i < attributes; ++i) {
    head.attributes.push_back(name + '_' + std::to_string(i));
  }
  head.weight = ramp({static_cast<std::int64_t>(attributes), features}, 0.3F).values;
  head.bias = ramp({static_cast<std::int64_t>(attributes)}, 0.5F).values;
  head.calibration_a.assign(attributes, 1);
  head.calibration_b.assign(attributes, 0);
  head.threshold.assign(attributes, 0.5F);
  head.threshold_balanced.assign(attributes, 0.5F);
  return head;
}

void write_png(const std::filesystem::path& file, const Image& photo) {
  const std::vector<std::byte> bytes = encode_png(photo);
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

void write(const std::filesystem::path& file, const NetworkPart& anet) {
  ModelParts parts = testing::blob_parts();
  parts.localiser.threshold = 2;
  parts.patches.region_side = 12;
  parts.patches.patch_side = 8;
  parts.patches.offsets = {0, 4};
  parts.heads["celeba"] = small_head("celeba", 40);
  parts.heads["lfwa"] = small_head("lfwa", 3);
  write_model(file, parts, {{"lnet_o", testing::blob_network()}, {"anet", anet}});
}

ConceptParts small_concepts(const ModelParts& model) {
  ConceptParts parts;
  parts.model_name = model.name;
  parts.model_version = model.version;
  parts.anet_checksum = describer_checksum(model);
  parts.feature_layer = "FC";
  parts.attributes = {"Hat", "Young"};
  parts.correlation = {0.5F, 0, 0.25F, -0.5F, 0.1F, 0, 0.1F, 0.3F};  // the third goes with none
  parts.mean = {1, 2, 0.5F, 0};
  parts.deviation = {1, 0.5F, 0.25F, 0};
  parts.map_side = 8;
  parts.mean_map = ramp({8 * 8, 2}, 0.1F).values;
  parts.face_side = 8;
  parts.faces = Image(kFaceColumns * parts.face_side, parts.face_side);
  const Head& head = model.heads.at("celeba");
  const std::size_t attributes = head.attributes.size();
  HeadConcepts& known = parts.heads["celeba"];
  known.checksum = head_checksum(head);
  for (std::size_t i = 0; i < attributes * features; ++i) {
    known.sparse_weight.push_back(i % 3 == 0 ? 0.5F : 0);
  }
  known.sparse_bias.assign(attributes, 0.25F);
  known.sparse_a.assign(attributes, 1);
  known.sparse_b.assign(attributes, 0);
  known.concept_low.assign(attributes * concept_groups(parts).concepts.size(), -1);
  known.concept_high.assign(known.concept_low.size(), 2);
  return parts;
}

}  // namespace

void write_small_model(const std::filesystem::path& file) {
  write(file, small_anet());
}

void write_explained_model(const std::filesystem::path& file) {
  write(file, mapped_anet());
  write_concepts(Concepts::path_beside(file), small_concepts(read_model_parts(file)));
}

void write_blob_photo(const std::filesystem::path& file, int centre_x) {
  Image photo = testing::flat_photo(160, 120, 60);
  testing::draw_blob(photo, centre_x, 60, 30);
  write_png(file, photo);
}

void write_flat_photo(const std::filesystem::path& file) {
  write_png(file, testing::flat_photo(160, 120, 60));
}

}  // namespace facet::detail
