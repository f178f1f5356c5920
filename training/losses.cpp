// SPDX-License-Identifier: Apache-2.0
#include "losses.hpp"

namespace facet::training {

torch::Tensor tag_loss(const torch::Tensor& logits, const torch::Tensor& targets) {
  const auto known = targets.ge(0).to(torch::kFloat32);
  const auto losses = torch::binary_cross_entropy_with_logits(logits, targets.clamp_min(0), {}, {},
                                                              at::Reduction::None) *
                      known;
  return (losses.sum(1) / known.sum(1).clamp_min(1)).mean();
}

torch::Tensor pool_tags(const torch::Tensor& map) {
  return torch::logsumexp(map.flatten(2), 2);
}

torch::Tensor pair_similarities(const torch::Tensor& features) {
  const auto unit = torch::nn::functional::normalize(features);
  const auto itself =
      torch::eye(unit.size(0), torch::TensorOptions(unit.device()).dtype(torch::kBool));
  return unit.matmul(unit.t()).masked_fill(itself, -2);
}

torch::Tensor similarity_loss(const torch::Tensor& features) {
  constexpr double kSharpness = 12;
  const auto rows =
      torch::arange(features.size(0), torch::TensorOptions(features.device()).dtype(torch::kInt64));
  return torch::nn::functional::cross_entropy(kSharpness * pair_similarities(features),
                                              rows.bitwise_xor(1));
}

torch::Tensor alignment_loss(const torch::Tensor& outputs, const torch::Tensor& targets) {
  constexpr double kNear = 0.02;
  return torch::smooth_l1_loss(outputs, targets, at::Reduction::Mean, kNear) * 4;
}

}  // namespace facet::training
