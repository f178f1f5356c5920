// SPDX-License-Identifier: Apache-2.0
#include "heads/taught_head_match.hpp"

#include <algorithm>

#include "base/sha256.hpp"
#include "facet/error.hpp"
#include "facet/model.hpp"
#include "format/strict_json.hpp"
#include "model/model_access.hpp"
#include "model/settings_json.hpp"

namespace facet {
namespace detail {
namespace {

std::string title(const std::string& name, const std::string& version) {
  return version.empty() ? name : name + ' ' + version;
}

[[noreturn]] void refuse(const TaughtHead& head, const ModelParts& parts,
                         const std::string& reason) {
  throw Error(ErrorCode::bad_model, "head " + head.name + " was taught on model " +
                                        title(head.model_name, head.model_version) +
                                        " and does not fit model " +
                                        title(parts.name, parts.version) + ": " + reason);
}

}  // namespace

std::string describer_checksum(const ModelParts& parts) {
  if (!parts.anet) {
    throw Error(ErrorCode::bad_model, "model " + parts.name + " has no network anet");
  }
  Sha256 hash;
  const std::string text = parts.anet->checksum() + patches_to_json(parts.patches).dump();
  hash.update(std::as_bytes(std::span(text)));
  return hash.finish();
}

void check_fit(const TaughtHead& head, const ModelParts& parts, const std::string& checksum) {
  if (head.anet_checksum != checksum) {
    refuse(head, parts, "its ANet is another; teach the attribute again");
  }
  const std::vector<Layer>& layers = parts.anet->spec().layers;
  const auto layer = std::find_if(layers.begin(), layers.end(), [&](const Layer& candidate) {
    return candidate.name == head.feature_layer;
  });
  if (layer == layers.end())
    refuse(head, parts, "it has no layer " + in_quotes(head.feature_layer));
  if (head.weight.size() != static_cast<std::size_t>(layer->channels())) {
    refuse(head, parts,
           std::to_string(head.weight.size()) + " weights for " +
               std::to_string(layer->channels()) + " features");
  }
}

Head to_head(const TaughtHead& extra) {
  Head head;
  head.name = extra.name;
  head.feature_layer = extra.feature_layer;
  head.attributes = {extra.name};
  head.weight = extra.weight;
  head.bias = {extra.bias};
  head.calibration_a = {extra.calibration_a};
  head.calibration_b = {extra.calibration_b};
  head.threshold = {extra.threshold};
  head.threshold_balanced = {extra.threshold_balanced};
  return head;
}

}  // namespace detail

void check_fit(const TaughtHead& head, const Model& model) {
  if (!detail::parts_of(model).anet)
    detail::refuse(head, detail::parts_of(model), "it has no ANet");
  detail::check_fit(head, detail::parts_of(model),
                    detail::describer_checksum(detail::parts_of(model)));
}

}  // namespace facet
