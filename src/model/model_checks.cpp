// SPDX-License-Identifier: Apache-2.0
#include "model/model_checks.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "facet/error.hpp"
#include "format/strict_json.hpp"
#include "model/network_cost.hpp"

namespace facet::detail {
namespace {

constexpr std::array<const char*, 4> kNetworkNames = {"lnet_o", "lnet_s", "aligner", "anet"};
// Far above any useful network, low enough that a hostile file cannot exhaust memory.
constexpr std::int64_t kMostOutputsPerCell = 1 << 14;   // LNet_o, for each cell of its map
constexpr std::int64_t kMostOutputsPerPhoto = 1 << 23;  // of a layer for one patch or window
constexpr int kLargestField = 2048;                     // pixels that a cell of LNet may see
constexpr int kSmallestCanvas = 24;                     // side of the smallest photo LNet_o gets

[[noreturn]] void fail(const std::string& network, const std::string& reason) {
  throw Error(ErrorCode::bad_model, "network " + in_quotes(network) + ": " + reason);
}

std::size_t find_layer(const std::string& network, const NetworkSpec& spec,
                       const std::string& name) {
  const auto found = std::find_if(spec.layers.begin(), spec.layers.end(),
                                  [&](const Layer& layer) { return layer.name == name; });
  if (found == spec.layers.end()) fail(network, "it has no layer " + in_quotes(name));
  return static_cast<std::size_t>(found - spec.layers.begin());
}

void check_common(const std::string& name, const NetworkSpec& spec) {
  if (spec.layers.front().in_channels != 3) fail(name, "its input is not RGB");
  for (const Layer& layer : spec.layers) {
    if (layer.batch_norm) {
      fail(name, "batch normalisation of layer " + in_quotes(layer.name) + " is not folded");
    }
  }
}

// Costs of the layers up to `last`, all of which must take their maps.
std::vector<LayerCost> costs_up_to(const std::string& name, const NetworkSpec& spec,
                                   std::size_t last, int side) {
  std::vector<LayerCost> costs = layer_costs(spec, side);
  if (costs.size() <= last) {
    fail(name, "layer " + in_quotes(spec.layers[costs.size()].name) +
                   " cannot be computed from an input of side " + std::to_string(side));
  }
  costs.resize(last + 1);
  return costs;
}

void check_memory(const std::string& name, const std::vector<LayerCost>& costs) {
  for (const LayerCost& cost : costs) {
    if (cost.outputs > kMostOutputsPerPhoto) fail(name, "its maps are too large");
  }
}

// Fully convolutional, and its pixels per cell.
int checked_stride(const std::string& name, const NetworkSpec& spec, std::size_t last) {
  std::int64_t stride = 1;
  std::int64_t field = 1;
  for (std::size_t i = 0; i <= last; ++i) {
    const Layer& layer = spec.layers[i];
    if (layer.kind != LayerKind::convolution && layer.kind != LayerKind::max_pool) {
      fail(name, "layer " + in_quotes(layer.name) + " is neither a convolution nor max pooling, " +
                     "and LNet has nothing else");
    }
    field += stride * (layer.kernel - 1);
    stride *= layer.stride;
    if (stride > 64 || field > kLargestField) fail(name, "its cells see too many pixels");
  }
  return static_cast<int>(stride);
}

void check_response(const std::string& name, const NetworkSpec& spec, std::size_t evidence,
                    std::size_t response) {
  const auto [first, last] = std::minmax(evidence, response);
  for (std::size_t i = first + 1; i <= last; ++i) {
    const Layer& layer = spec.layers[i];
    if (layer.stride != 1 || 2 * layer.padding != layer.kernel - 1) {
      fail(name, "its evidence and response maps have different sizes");
    }
  }
}

void check_lnet_o(const ModelParts& parts, const NetworkSpec& spec) {
  const std::string name = "lnet_o";
  const std::size_t evidence = find_layer(name, spec, parts.evidence_layer);
  const std::size_t response = find_layer(name, spec, parts.response_layer);
  const std::size_t last = std::max(evidence, response);
  const int stride = checked_stride(name, spec, last);
  check_response(name, spec, evidence, response);
  if (stride != parts.localiser.stride) {
    fail(name, "it has " + std::to_string(stride) + " pixels a cell where the settings say " +
                   std::to_string(parts.localiser.stride));
  }
  costs_up_to(name, spec, last, (kSmallestCanvas + stride - 1) / stride * stride);
  std::int64_t layer_stride = 1;
  for (std::size_t i = 0; i <= last; ++i) {
    const Layer& layer = spec.layers[i];
    layer_stride *= layer.stride;
    const std::int64_t places = (stride / layer_stride) * (stride / layer_stride);
    if (places * layer.channels() > kMostOutputsPerCell) fail(name, "its maps are too large");
  }
}

void check_lnet_s(const ModelParts& parts, const NetworkSpec& spec) {
  const std::string name = "lnet_s";
  const std::size_t evidence = find_layer(name, spec, parts.evidence_layer);
  checked_stride(name, spec, evidence);
  check_memory(name, costs_up_to(name, spec, evidence, parts.localiser.refine_side));
}

void check_aligner(const AlignmentSettings& settings, const NetworkSpec& spec) {
  constexpr int kPoseNumbers = 4;
  const auto costs = costs_up_to("aligner", spec, spec.layers.size() - 1, settings.side);
  check_memory("aligner", costs);
  if (costs.back().output_side != 1 || spec.layers.back().channels() != kPoseNumbers) {
    fail("aligner", "it does not yield the four numbers of a pose");
  }
}

void check_head(const Head& head, const PatchSettings& patches, const NetworkSpec& anet) {
  const std::size_t layer = find_layer("anet", anet, head.feature_layer);
  const auto costs = costs_up_to("anet", anet, layer, patches.patch_side);
  check_memory("anet", costs);
  if (costs.back().output_side != 1) {
    fail("anet", "layer " + in_quotes(head.feature_layer) + " yields a map of side " +
                     std::to_string(costs.back().output_side) + ", a head needs a single vector");
  }
  const auto features = static_cast<std::size_t>(anet.layers[layer].channels());
  if (head.weight.size() != features * head.attributes.size()) {
    throw Error(ErrorCode::bad_model,
                "head " + in_quotes(head.name) + ": its weight does not fit " +
                    std::to_string(head.attributes.size()) + " attributes and " +
                    std::to_string(features) + " features");
  }
}

}  // namespace

bool is_network_name(const std::string& name) {
  return std::find(kNetworkNames.begin(), kNetworkNames.end(), name) != kNetworkNames.end();
}

void check_parts(const ModelParts& parts, const std::map<std::string, NetworkPart>& networks) {
  for (const auto& [name, part] : networks) check_common(name, part.spec);
  if (const auto found = networks.find("lnet_o"); found != networks.end()) {
    check_lnet_o(parts, found->second.spec);
  }
  if (const auto found = networks.find("lnet_s"); found != networks.end()) {
    check_lnet_s(parts, found->second.spec);
  }
  if (const auto found = networks.find("aligner"); found != networks.end()) {
    check_aligner(parts.alignment, found->second.spec);
  }
  const auto anet = networks.find("anet");
  if (anet == networks.end() && (!parts.heads.empty() || parts.face_check)) {
    throw Error(ErrorCode::bad_model, "heads without network \"anet\"");
  }
  for (const auto& [name, head] : parts.heads) check_head(head, parts.patches, anet->second.spec);
  if (parts.face_check) {
    check_head(*parts.face_check, parts.patches, anet->second.spec);
    if (parts.face_check->attributes.size() != 1) {
      throw Error(ErrorCode::bad_model, "the face check has more than one answer");
    }
  }
}

}  // namespace facet::detail
