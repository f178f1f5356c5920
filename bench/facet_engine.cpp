// SPDX-License-Identifier: Apache-2.0
#include "facet_engine.hpp"

#include <utility>

#include "describe/describer.hpp"
#include "model/model_access.hpp"

namespace facet::bench {
using namespace detail;

const Network& network_of(const detail::ModelParts& parts, const std::string& name) {
  if (name == "lnet_o") return *parts.lnet_o;
  if (name == "lnet_s") return *parts.lnet_s;
  return name == "aligner" ? *parts.aligner : *parts.anet;
}

std::size_t last_layer(const detail::ModelParts& parts, const std::string& network) {
  if (network == "lnet_o") return parts.lnet_o->layer_index(parts.evidence_layer);
  if (network == "lnet_s") return parts.lnet_s->layer_index(parts.evidence_layer);
  if (network == "aligner") return parts.aligner->spec().layers.size() - 1;
  return parts.anet->layer_index(parts.heads.begin()->second.feature_layer);
}

FacetEngine::FacetEngine(std::shared_ptr<const Model> model, Precision precision)
    : model_(std::move(model)) {
  const detail::ModelParts& parts = parts_of(*model_);
  const auto add = [this](const std::string& name, const Network& network, Arithmetic arithmetic) {
    runners_.emplace(name, NetworkRunner(network, arithmetic));
  };
  add("lnet_o", *parts.lnet_o, proposing_arithmetic(precision));
  if (parts.lnet_s) add("lnet_s", *parts.lnet_s, placing_arithmetic(precision));
  if (parts.aligner) add("aligner", *parts.aligner, placing_arithmetic(precision));
  if (!parts.anet) return;
  add("anet", *parts.anet, describing_arithmetic(precision));
  if (Describer(model_).in_one_pass()) {
    one_pass_ = std::make_unique<OnePassRunner>(*parts.anet, precision);
  }
}

const FeatureMap& FacetEngine::run(const NetworkBatch& batch) {
  NetworkRunner& runner = runners_.at(batch.network);
  runner.set_input(batch.images);
  return runner.run(last_layer(parts_of(*model_), batch.network));
}

const FeatureMap& FacetEngine::run_one_pass(const std::vector<Image>& regions) {
  const detail::PatchSettings& patches = parts_of(*model_).patches;
  one_pass_->set_input(regions);
  return one_pass_->run({patches.patch_side, patches.offsets, patches.offsets},
                        last_layer(parts_of(*model_), "anet"));
}

}  // namespace facet::bench
