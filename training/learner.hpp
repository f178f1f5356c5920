// SPDX-License-Identifier: Apache-2.0
// What a stage trains: the network, what is dropped after it, and its loss.
#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "recipe/stage_kind.hpp"
#include "reduced_precision.hpp"
#include "trainable_network.hpp"

namespace facet::training {

struct Learner {
  StageKind kind;  // of the stage
  TrainableNetwork network{nullptr};
  torch::nn::Linear classes{
      nullptr};  // or a teacher's features: an output layer that is dropped later
  torch::nn::Dropout dropout{nullptr};
  float similarity = 0;                             // weight of the similarity loss
  LayerPrecision precision = LayerPrecision::fp32;  // of the network's layers

  // A network of its own output layer, or with classes; `outputs` as the photos' source wants them.
  // Throws Error, beginning with `where`, for a network that does not fit.
  Learner(StageKind stage_kind, NetworkSpec spec, int outputs, float dropout_share,
          const std::string& where);

  [[nodiscard]] std::vector<torch::Tensor> parameters() const;
  void train(bool on);

  // What the loss compares with the targets, float32. `features` gets the network's output before
  // classes.
  torch::Tensor forward(const torch::Tensor& photos, torch::Tensor* features);
  [[nodiscard]] torch::Tensor loss(const torch::Tensor& outputs, const torch::Tensor& targets,
                                   const torch::Tensor& features) const;
};

}  // namespace facet::training
