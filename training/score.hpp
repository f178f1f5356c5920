// SPDX-License-Identifier: Apache-2.0
// How well a network does, in percent: what a stage's log shows an epoch.
#pragma once

#include <torch/torch.h>

namespace facet::training {

class Score {
 public:
  // Tags: known ones on the right side of a half. Classes: the strongest is right.
  void add(const torch::Tensor& logits, const torch::Tensor& targets);
  // Photos whose nearest other photo of the batch shows the same person.
  void add_pairs(const torch::Tensor& features);
  // Faces found again closely: within 3 % of their height in place and 5 % in size, and 3 degrees.
  void add_alignments(const torch::Tensor& outputs, const torch::Tensor& targets);
  // Photos whose features are nearest to their own targets among the batch's, by cosine.
  void add_imitations(const torch::Tensor& outputs, const torch::Tensor& targets);
  [[nodiscard]] double percent() const { return known_ > 0 ? 100 * correct_ / known_ : 0; }

 private:
  double correct_ = 0;
  double known_ = 0;
};

}  // namespace facet::training
