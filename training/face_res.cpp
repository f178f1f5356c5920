// SPDX-License-Identifier: Apache-2.0
#include "face_res.hpp"

#include <map>
#include <string>

#include "facet/error.hpp"
#include "tfjs_weights.hpp"

namespace facet::training {
namespace {

constexpr std::array<int, FaceRes::kBlocks> kChannels = {64,  128, 128, 256, 256,  512, 512,
                                                         512, 512, 512, 512, 1024, 1024};
constexpr int kFirstChannels = 32;

bool halves(int block) {
  return block == 2 || block == 4 || block == 6 || block == 12;
}

// TensorFlow's SAME padding of a 3×3 filter: with stride 2 on an even side nothing lies left and
// above, one pixel right and below.
torch::Tensor convolve(const torch::Tensor& x, const torch::Tensor& weight,
                       const torch::Tensor& bias, int stride, std::int64_t groups) {
  namespace F = torch::nn::functional;
  const bool wide = weight.size(2) == 3;
  const bool ahead = wide && stride == 2;
  const auto input = ahead ? F::pad(x, F::PadFuncOptions({0, 1, 0, 1})) : x;
  const auto options = F::Conv2dFuncOptions()
                           .bias(bias)
                           .stride(stride)
                           .padding(wide && !ahead ? 1 : 0)
                           .groups(groups);
  return torch::clamp(F::conv2d(input, weight, options), 0, 6);
}

}  // namespace

FaceRes::FaceRes(const std::filesystem::path& graph) {
  const auto tensors = read_tfjs_weights(graph);
  const auto find = [&](const std::string& name, std::vector<std::int64_t> shape) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) {
      throw Error(ErrorCode::bad_model, graph.string() + ": has no tensor '" + name + "'");
    }
    if (found->second.sizes() != torch::IntArrayRef(shape)) {
      throw Error(ErrorCode::bad_model,
                  graph.string() + ": tensor '" + name + "' has another shape than HSE-FaceRes's");
    }
    return found->second;
  };
  const auto stored = [](const torch::Tensor& weight) {
    return weight.contiguous(torch::MemoryFormat::ChannelsLast);
  };
  const std::string first = "conv1/convolution/merged_input";
  first_ = stored(find(first, {3, 3, 3, kFirstChannels}).permute({3, 2, 0, 1}));
  first_bias_ = find("conv1_bn/batchnorm_1/sub", {kFirstChannels});
  int in = kFirstChannels;
  for (int b = 1; b <= kBlocks; ++b) {
    const std::string number = std::to_string(b);
    const std::string dw = "conv_dw_" + number;
    const std::string pw = "conv_pw_" + number;
    const int out = channels(b);
    Block block;
    const auto gain = find(dw + "_bn/batchnorm_1/mul", {in});
    block.depthwise = stored(find(dw + "/depthwise_kernel", {3, 3, in, 1}).permute({2, 3, 0, 1}) *
                             gain.view({in, 1, 1, 1}));
    block.depthwise_bias = find(dw + "_bn/batchnorm_1/sub", {in});
    block.pointwise =
        stored(find(pw + "/convolution/merged_input", {1, 1, in, out}).permute({3, 2, 0, 1}));
    block.pointwise_bias = find(pw + "_bn/batchnorm_1/sub", {out});
    block.stride = halves(b) ? 2 : 1;
    blocks_.push_back(std::move(block));
    in = out;
  }
}

int FaceRes::channels(int block) const {
  return kChannels.at(static_cast<std::size_t>(block - 1));
}

std::array<torch::Tensor, FaceRes::kBlocks> FaceRes::blocks(const torch::Tensor& photos) const {
  const auto mean = torch::tensor({103.939F, 116.779F, 123.68F}).view({1, 3, 1, 1});
  auto x = (photos.flip(1) - mean).contiguous(torch::MemoryFormat::ChannelsLast);
  std::array<torch::Tensor, kBlocks> maps;
  x = convolve(x, first_, first_bias_, 2, 1);
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const Block& block = blocks_[b];
    x = convolve(x, block.depthwise, block.depthwise_bias, block.stride, block.depthwise.size(0));
    x = convolve(x, block.pointwise, block.pointwise_bias, 1, 1);
    maps.at(b) = x;
  }
  return maps;
}

}  // namespace facet::training
