// SPDX-License-Identifier: Apache-2.0
#include "network/network_plan.hpp"

namespace facet::detail {

std::vector<std::size_t> shortcut_sources(const NetworkSpec& spec) {
  std::vector<std::size_t> sources(spec.layers.size(), no_shortcut);
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (!spec.layers[i].add.empty() && spec.layers[k].name == spec.layers[i].add) sources[i] = k;
    }
  }
  return sources;
}

std::vector<std::size_t> depth_sources(const NetworkSpec& spec, std::size_t layer) {
  std::vector<std::size_t> sources;
  for (const std::string& name : spec.layers[layer].of) {
    sources.push_back(
        static_cast<std::size_t>(layer_named(spec.layers, name) - spec.layers.data()));
  }
  return sources;
}

bool feeds_depths(const NetworkSpec& spec, std::size_t layer) {
  return layer + 1 < spec.layers.size() && spec.layers[layer + 1].kind == LayerKind::depths;
}

}  // namespace facet::detail
