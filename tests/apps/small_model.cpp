// SPDX-License-Identifier: Apache-2.0
#include "apps/small_model.hpp"

#include <fstream>

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

}  // namespace

void write_small_model(const std::filesystem::path& file) {
  ModelParts parts = testing::blob_parts();
  parts.localiser.threshold = 2;
  parts.patches.region_side = 12;
  parts.patches.patch_side = 8;
  parts.patches.offsets = {0, 4};
  parts.heads["celeba"] = small_head("celeba", 40);
  parts.heads["lfwa"] = small_head("lfwa", 3);
  write_model(file, parts, {{"lnet_o", testing::blob_network()}, {"anet", small_anet()}});
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
