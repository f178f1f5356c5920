// SPDX-License-Identifier: Apache-2.0
#include "score.hpp"

#include "losses.hpp"

namespace facet::training {

void Score::add(const torch::Tensor& logits, const torch::Tensor& targets) {
  if (targets.dim() == 1) {
    correct_ += logits.argmax(1).eq(targets).sum().item<double>();
    known_ += static_cast<double>(targets.size(0));
    return;
  }
  const auto mask = targets.ge(0);
  correct_ += logits.gt(0).eq(targets.gt(0.5)).logical_and(mask).sum().item<double>();
  known_ += mask.sum().item<double>();
}

void Score::add_pairs(const torch::Tensor& features) {
  const auto rows =
      torch::arange(features.size(0), torch::TensorOptions(features.device()).dtype(torch::kInt64));
  correct_ += pair_similarities(features).argmax(1).eq(rows.bitwise_xor(1)).sum().item<double>();
  known_ += static_cast<double>(features.size(0));
}

void Score::add_alignments(const torch::Tensor& outputs, const torch::Tensor& targets) {
  const auto most = torch::tensor({0.03F, 0.03F, 0.05F, 0.052F}, targets.options());
  correct_ += (outputs - targets).abs().le(most).all(1).sum().item<double>();
  known_ += static_cast<double>(targets.size(0));
}

void Score::add_imitations(const torch::Tensor& outputs, const torch::Tensor& targets) {
  namespace F = torch::nn::functional;
  const auto options = F::NormalizeFuncOptions().dim(1);
  const auto similar = F::normalize(outputs, options).mm(F::normalize(targets, options).t());
  const auto own =
      torch::arange(targets.size(0), torch::TensorOptions(targets.device()).dtype(torch::kInt64));
  correct_ += similar.argmax(1).eq(own).sum().item<double>();
  known_ += static_cast<double>(targets.size(0));
}

}  // namespace facet::training
