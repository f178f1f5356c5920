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

torch::Tensor similarity_loss(const torch::Tensor& features) {
  const auto pairs = features.reshape({features.size(0) / 2, 2, -1});
  return (pairs.select(1, 0) - pairs.select(1, 1)).square().mean();
}

}  // namespace facet::training
