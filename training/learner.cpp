// SPDX-License-Identifier: Apache-2.0
#include "learner.hpp"

#include <utility>

#include "facet/error.hpp"
#include "losses.hpp"

namespace facet::training {
namespace {

// Whether what it learns says nothing later: its output layer is dropped.
bool is_pre_training(StageKind kind) {
  return kind == StageKind::objects || kind == StageKind::identities ||
         kind == StageKind::imitation;
}

// Classes, or a teacher's features, take the place of the last layer; everything else must be what
// the last layer says.
NetworkSpec fitting_spec(StageKind kind, NetworkSpec spec, int outputs, const std::string& where) {
  const Layer& last = spec.layers.back();
  if (is_pre_training(kind)) {
    if (last.name == "tags") spec.layers.pop_back();
    return spec;
  }
  if (kind != StageKind::alignment && last.name != "tags") {
    throw Error(ErrorCode::invalid_argument, where + ": its network has no last layer 'tags'");
  }
  if (last.out_channels != outputs) {
    throw Error(ErrorCode::invalid_argument, where + ": layer '" + last.name + "' has " +
                                                 std::to_string(last.out_channels) +
                                                 " outputs, not " + std::to_string(outputs));
  }
  return spec;
}

}  // namespace

Learner::Learner(StageKind stage_kind, NetworkSpec spec, int outputs, float dropout_share,
                 const std::string& where)
    : kind(stage_kind),
      network(fitting_spec(kind, std::move(spec), outputs, where)),
      dropout(dropout_share) {
  if (is_pre_training(kind)) {
    classes = torch::nn::Linear(network->spec().layers.back().channels(), outputs);
  } else {
    network->set_output_dropout(dropout_share);
  }
}

std::vector<torch::Tensor> Learner::parameters() const {
  auto all = network->parameters();
  if (!classes.is_empty()) {
    for (auto& p : classes->parameters()) all.push_back(p);
  }
  return all;
}

void Learner::train(bool on) {
  network->train(on);
  dropout->train(on);
}

torch::Tensor Learner::forward(const torch::Tensor& photos, torch::Tensor* features) {
  torch::Tensor map;
  {
    const PrecisionRegion region(precision, photos.device());
    map = network->forward(photos);
  }
  map = map.to(torch::kFloat32);
  if (kind == StageKind::lnet) return pool_tags(map);
  auto vector = map.dim() == 4 && map.size(2) > 1 ? map.mean({2, 3}) : map.flatten(1);
  if (classes.is_empty()) return vector;
  if (features != nullptr) *features = vector;
  return classes->forward(dropout->forward(vector));
}

torch::Tensor Learner::loss(const torch::Tensor& outputs, const torch::Tensor& targets,
                            const torch::Tensor& features) const {
  if (kind == StageKind::alignment) return alignment_loss(outputs, targets);
  if (classes.is_empty()) return tag_loss(outputs, targets);
  if (kind == StageKind::imitation) return torch::mse_loss(outputs, targets);
  const auto loss = torch::nn::functional::cross_entropy(outputs, targets);
  return similarity > 0 ? loss + similarity * similarity_loss(features) : loss;
}

}  // namespace facet::training
