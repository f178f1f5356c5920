// SPDX-License-Identifier: Apache-2.0
#include "model/model_info.hpp"

#include "model/network_cost.hpp"
#include "model/settings_json.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

constexpr int kExamplePhotoSide = 300;  // for LNet_o, which takes photos of any size

json describe_network(const NetworkSpec& spec, int input_side) {
  json network = to_json(spec);
  const auto costs = layer_costs(spec, input_side);
  std::int64_t parameters = 0;
  std::int64_t multiply_adds = 0;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    json& layer = network["layers"][i];
    layer["parameters"] = parameter_count(spec.layers[i]);
    parameters += parameter_count(spec.layers[i]);
    if (i >= costs.size()) continue;  // not computed for an input of this side
    layer["output_side"] = costs[i].output_side;
    layer["multiply_adds"] = costs[i].multiply_adds;
    multiply_adds += costs[i].multiply_adds;
  }
  network["input_side"] = input_side;
  network["parameters"] = parameters;
  network["multiply_adds"] = multiply_adds;
  return network;
}

}  // namespace

json describe_model(const ModelParts& parts) {
  json networks = json::object();
  if (parts.lnet_o) networks["lnet_o"] = describe_network(parts.lnet_o->spec(), kExamplePhotoSide);
  if (parts.lnet_s) {
    networks["lnet_s"] = describe_network(parts.lnet_s->spec(), parts.localiser.refine_side);
  }
  if (parts.aligner) {
    networks["aligner"] = describe_network(parts.aligner->spec(), parts.alignment.side);
  }
  if (parts.anet) networks["anet"] = describe_network(parts.anet->spec(), parts.patches.patch_side);
  json localiser = localiser_to_json(parts.localiser);
  localiser["evidence_layer"] = parts.evidence_layer;
  localiser["response_layer"] = parts.response_layer;
  localiser["box"] = {{"dx", parts.localiser.box[0]},
                      {"dy", parts.localiser.box[1]},
                      {"sx", parts.localiser.box[2]},
                      {"sy", parts.localiser.box[3]}};
  json heads = json::object();
  for (const auto& [name, head] : parts.heads) {
    heads[name] = {{"feature_layer", head.feature_layer},
                   {"features", head.weight.size() / head.attributes.size()},
                   {"count", head.attributes.size()},
                   {"attributes", head.attributes}};
  }
  json model = {{"name", parts.name},
                {"version", parts.version},
                {"checksum", parts.checksum},
                {"licence", parts.licence},
                {"provenance", parts.provenance},
                {"networks", std::move(networks)},
                {"localiser", std::move(localiser)},
                {"patches", patches_to_json(parts.patches)},
                {"heads", std::move(heads)}};
  if (parts.aligner) model["alignment"] = alignment_to_json(parts.alignment);
  if (parts.face_check) {
    model["face_check"] = {{"feature_layer", parts.face_check->feature_layer},
                           {"features", parts.face_check->weight.size()}};
  }
  return model;
}

}  // namespace facet::detail
