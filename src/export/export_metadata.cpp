// SPDX-License-Identifier: Apache-2.0
#include "export/export_metadata.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/number_text.hpp"
#include "describe/aligner.hpp"
#include "facet/version.hpp"
#include "model/settings_json.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

constexpr const char* kSchema = "1";
constexpr const char* kResampling =
    "averaged over area where it shrinks, bilinear where it grows; places outside the photo repeat "
    "its border";

// 0.1 and not 0.100000001490116.
json plain(float value) {
  const std::string text = shortest_text(value);
  double number = value;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

json plain(const std::vector<float>& values) {
  json list = json::array();
  for (const float value : values) list.push_back(plain(value));
  return list;
}

// Every number that settings hold is a float.
json plain(json value) {
  if (value.is_number_float()) return plain(value.get<float>());
  if (value.is_structured()) {
    for (auto& item : value) item = plain(std::move(item));
  }
  return value;
}

std::string text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// The square around a face that ANet's file takes.
json face_square(const PatchSettings& patches) {
  return {{"side", patches.region_side},
          {"heights", plain(patches.region_scale)},
          {"centre_down", plain(patches.centre_y)},
          {"resampling", kResampling}};
}

json aligner_square(const AlignmentSettings& alignment) {
  return {{"side", alignment.side},
          {"heights", plain(alignment.context)},
          {"centre_down", 0},
          {"resampling", kResampling}};
}

// How the aligner's answers are followed.
json looks(const AlignmentSettings& alignment) {
  return {{"looks", alignment.looks},
          {"outputs", {"dx", "dy", "log_height", "angle"}},
          {"farthest", plain(AlignerReach::farthest)},
          {"most_growth", plain(AlignerReach::most_growth)},
          {"most_turn", plain(AlignerReach::most_turn)},
          {"most_log_height", plain(AlignerReach::most_log_height)}};
}

}  // namespace

std::map<std::string, std::string> export_metadata(const std::string& network,
                                                   const ModelParts& parts, const NetworkSpec& spec,
                                                   std::span<const Head> heads) {
  std::map<std::string, std::string> metadata = {
      {"schema", kSchema},
      {"facet", library_version()},
      {"model", parts.name},
      {"version", parts.version},
      {"licence", parts.licence},
      {"checksum", parts.checksum},
      {"network", network},
      {"input", "RGB 0…255, normalised by the graph"},
      {"normalisation",
       text({{"mean", plain(spec.mean)}, {"scale", plain(spec.scale)}, {"inside", true}})}};
  if (network == "aligner") {
    metadata["crop"] = text(aligner_square(parts.alignment));
    metadata["alignment"] = text(looks(parts.alignment));
  } else if (network != "anet") {
    metadata["evidence_layer"] = parts.evidence_layer;
    metadata["localiser"] = text(plain(localiser_to_json(parts.localiser)));
  } else if (heads.empty()) {
    metadata["patches"] = text(plain(patches_to_json(parts.patches)));
  } else {
    json labels = json::object();
    json thresholds = json::object();
    for (const Head& head : heads) {
      labels[head.name] = head.attributes;
      thresholds[head.name] = {{"accuracy", plain(head.threshold)},
                               {"balanced", plain(head.threshold_balanced)}};
    }
    metadata["crop"] = text(face_square(parts.patches));
    metadata["labels"] = text(labels);
    metadata["thresholds"] = text(thresholds);
    metadata["aligned"] = parts.aligner ? "true" : "false";
  }
  return metadata;
}

}  // namespace facet::detail
