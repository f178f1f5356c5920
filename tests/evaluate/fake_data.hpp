// SPDX-License-Identifier: Apache-2.0
// A data folder of few small photos, and a model for them.
#pragma once

#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "dataset/fake_collections.hpp"
#include "facet/model.hpp"
#include "localise/blob_model.hpp"

namespace facet::detail::fake {

inline void write_photo(const Folder& folder, const std::string& name, const Image& photo) {
  const auto bytes = encode_png(photo);
  folder.text(name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// A bright blob on dark ground: a face to the blob model.
inline Image face_photo(int width, int height, float centre_x, float centre_y, float size) {
  Image photo = testing::flat_photo(width, height, 20);
  testing::draw_blob(photo, centre_x, centre_y, size, 230);
  return photo;
}

// Six photos of 120×120 with a blob of 50 pixels in the middle, boxes listed: celeba_wild, lfwa
// (the last three are the test part).
inline void write_wild(const Folder& folder) {
  const Image photo = face_photo(120, 120, 60, 60, 50);
  std::string boxes;
  for (int i = 1; i <= 6; ++i) {
    const std::string name = "00000" + std::to_string(i);
    write_photo(folder, "celeba_wild/img_celeba/" + name + ".png", photo);
    boxes += name + ".jpg 35 35 50 50\n";
  }
  folder.text("celeba_wild/list_attr_celeba.txt", kAttributes);
  folder.text("celeba_wild/list_eval_partition.txt", kPartitions);
  folder.text("celeba_wild/identity_CelebA.txt", kIdentities);
  folder.text("celeba_wild/list_bbox_detector.txt", boxes);
}

inline void write_lfwa(const Folder& folder) {
  const Image photo = face_photo(120, 120, 60, 60, 50);
  std::string labels = "6\nBald Male Young \n";
  std::string boxes;
  std::string partitions;
  for (int i = 1; i <= 6; ++i) {
    const std::string name = "A_B/A_B_000" + std::to_string(i);
    write_photo(folder, "lfwa/lfw-deepfunneled/" + name + ".png", photo);
    labels += name + (i % 2 == 0 ? ".jpg  1 -1  1\n" : ".jpg -1 -1 -1\n");
    boxes += name + ".jpg 35 35 50 50\n";
    partitions += name + (i > 3 ? ".jpg 1\n" : ".jpg 0\n");
  }
  folder.text("lfwa/anno/list_attr_lfwa.txt", labels);
  folder.text("lfwa/anno/list_bbox_detector.txt", boxes);
  folder.text("lfwa/anno/list_eval_partition.txt", partitions);
}

// The first 1130 belong to training and thresholds and are not to be read; three measure.
inline void write_scenes(const Folder& folder) {
  for (int i = 0; i < 1130; ++i) {
    const std::string number = std::to_string(10000 + i);
    folder.text("scenes/" + number + ".png", "not a photo");
  }
  for (int i = 0; i < 3; ++i) {
    write_photo(folder, "scenes/2000" + std::to_string(i) + ".png",
                testing::flat_photo(200, 150, 20));
  }
}

// LNet that finds blobs; ANet and heads with random weights that answer for three attributes.
inline std::shared_ptr<const Model> tiny_model(const std::vector<int>& offsets = {0, 4},
                                               bool mirrored = true) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 0.05F);
  NetworkPart anet;
  Layer c1;
  c1.name = "C1";
  c1.in_channels = 3;
  c1.out_channels = 4;
  c1.kernel = 5;
  c1.stride = 4;
  c1.relu = true;
  Layer fc;
  fc.name = "FC";
  fc.in_channels = 4;
  fc.out_channels = 4;
  fc.kernel = 4;
  Layer tags;  // only CelebA's
  tags.name = "tags";
  tags.in_channels = 4;
  tags.out_channels = 3;
  anet.spec.layers = {c1, fc, tags};
  for (const Layer& layer : anet.spec.layers) {
    const std::int64_t kernel = layer.kernel;
    WeightTensor weight{{layer.out_channels, layer.in_channels, kernel, kernel}, {}};
    weight.values.resize(
        static_cast<std::size_t>(layer.out_channels * layer.in_channels * kernel * kernel));
    for (float& value : weight.values) value = normal(random);
    anet.weights[layer.name + ".weight"] = weight;
    anet.weights[layer.name + ".bias"] = {
        {layer.out_channels}, std::vector<float>(static_cast<std::size_t>(layer.out_channels))};
  }
  anet.weights["tags.bias"].values = {5, -5, 5};  // Bald always, Male never, Young always
  Head head;
  head.feature_layer = "FC";
  head.attributes = {"Bald", "Male", "Young"};
  for (int i = 0; i < 12; ++i) head.weight.push_back(static_cast<float>(i % 5) - 2);
  head.bias = {5, -5, 0};  // Bald always, Male never
  head.calibration_a.assign(3, 4);
  head.calibration_b.assign(3, 0);
  head.threshold.assign(3, 0.5F);
  head.threshold_balanced = {0.5F, 0, 0.5F};  // Male always

  ModelParts parts = testing::blob_parts();
  parts.localiser.threshold = 2;
  parts.patches.region_side = 24;
  parts.patches.patch_side = 20;
  parts.patches.offsets = offsets;
  parts.patches.mirrored = mirrored;
  for (const char* name : {"celeba", "lfwa"}) {
    head.name = name;
    parts.heads[name] = head;
  }
  return testing::load_model(parts, {{"lnet_o", testing::blob_network()}, {"anet", anet}});
}

}  // namespace facet::detail::fake
