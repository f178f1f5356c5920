// SPDX-License-Identifier: Apache-2.0
#include "predict/prediction_cost.hpp"

#include <algorithm>

#include "describe/describe_cost.hpp"
#include "localise/pyramid.hpp"
#include "model/network_cost.hpp"

namespace facet::detail {
namespace {

std::int64_t multiply_adds(const NetworkSpec& spec, int side, std::size_t layers) {
  std::int64_t sum = 0;
  const auto costs = layer_costs(spec, side);
  for (std::size_t i = 0; i < layers && i < costs.size(); ++i) sum += costs[i].multiply_adds;
  return sum;
}

// As far as the heads read it; the whole network where there are none.
std::size_t layers_read(const ModelParts& parts) {
  std::size_t layers = 0;
  for (const auto& [name, head] : parts.heads) {
    layers = std::max(layers, parts.anet->layer_index(head.feature_layer) + 1);
  }
  return layers > 0 ? layers : parts.anet->spec().layers.size();
}

}  // namespace

PredictionCost prediction_cost(const ModelParts& parts, int photo_side) {
  PredictionCost cost;
  const LocaliserSettings& settings = parts.localiser;
  if (parts.lnet_o) {
    const std::size_t layers = parts.lnet_o->layer_index(parts.evidence_layer) + 1;
    for (const Level& level : pyramid_levels(photo_side, photo_side, settings.min_face, settings,
                                             settings.stride, true)) {
      cost.lnet_o += multiply_adds(parts.lnet_o->spec(), level.width, layers);
    }
  }
  if (parts.lnet_s) {
    cost.lnet_s = multiply_adds(parts.lnet_s->spec(), settings.refine_side,
                                parts.lnet_s->layer_index(parts.evidence_layer) + 1) *
                  static_cast<std::int64_t>(settings.refine_scales.size());
  }
  if (parts.aligner) {
    const NetworkSpec& spec = parts.aligner->spec();
    cost.aligner =
        multiply_adds(spec, parts.alignment.side, spec.layers.size()) * parts.alignment.looks;
  }
  if (parts.anet) {
    const double once =
        describe_cost(parts.anet->spec(), layers_read(parts), parts.patches).least();
    cost.anet = static_cast<std::int64_t>(once) * (parts.patches.mirrored ? 2 : 1);
  }
  return cost;
}

}  // namespace facet::detail
