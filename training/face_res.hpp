// SPDX-License-Identifier: Apache-2.0
// HSE-FaceRes, a public network that has seen 9,131 people (VGGFace2): MobileNet v1, read from the
// TensorFlow.js graph that the npm package `@vladmandic/human` carries. A teacher for ANet; no part
// of it is shipped.
#pragma once

#include <torch/torch.h>

#include <array>
#include <filesystem>
#include <vector>

namespace facet::training {

class FaceRes {
 public:
  static constexpr int kSide = 224;   // of the photos it takes
  static constexpr int kBlocks = 13;  // numbered from 1

  // Throws Error(not_found, io, bad_model) naming the file, and the tensor that is missing or of
  // another shape.
  explicit FaceRes(const std::filesystem::path& graph);

  // RGB, values 0…255, [N, 3, 224, 224] → the maps of all blocks, channels-last. Thread-safe.
  [[nodiscard]] std::array<torch::Tensor, kBlocks> blocks(const torch::Tensor& photos) const;
  // Channels of a block's map, block 1 first.
  [[nodiscard]] int channels(int block) const;

 private:
  struct Block {
    torch::Tensor depthwise;
    torch::Tensor depthwise_bias;
    torch::Tensor pointwise;
    torch::Tensor pointwise_bias;
    int stride = 1;
  };
  torch::Tensor first_;
  torch::Tensor first_bias_;
  std::vector<Block> blocks_;
};

}  // namespace facet::training
