// SPDX-License-Identifier: Apache-2.0
// facet's own networks, outside of a prediction.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "describe/one_pass/one_pass_runner.hpp"
#include "facet/model.hpp"
#include "facet/precision.hpp"
#include "model/model_parts.hpp"
#include "network_inputs.hpp"

namespace facet::bench {
using namespace detail;

// By the name that a batch has.
const Network& network_of(const detail::ModelParts& parts, const std::string& name);

// The layer of a network whose map a prediction reads.
std::size_t last_layer(const detail::ModelParts& parts, const std::string& network);

class FacetEngine {
 public:
  // Each network as a prediction at that precision runs it where it decides something.
  explicit FacetEngine(std::shared_ptr<const Model> model, Precision precision = Precision::fp32);

  [[nodiscard]] bool has(const std::string& network) const { return runners_.count(network) > 0; }
  [[nodiscard]] bool in_one_pass() const { return one_pass_ != nullptr; }

  // N×H×W×C; valid until the network's next run.
  const FeatureMap& run(const NetworkBatch& batch);
  // ANet's features of all patches of the regions, in one pass, in the order of the patches.
  const FeatureMap& run_one_pass(const std::vector<Image>& regions);

 private:
  std::shared_ptr<const Model> model_;
  std::map<std::string, NetworkRunner> runners_;
  std::unique_ptr<OnePassRunner> one_pass_;  // where prediction uses it
};

}  // namespace facet::bench
