// SPDX-License-Identifier: Apache-2.0
#include "model/settings_json.hpp"

#include <algorithm>
#include <set>

#include "format/strict_json.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

constexpr float kLargestScore = 1e6F;
constexpr float kMostEnlargement = 4;  // of photos for the smallest faces
constexpr std::size_t kMostAttributes = 1000;
constexpr std::size_t kMostOffsets = 8;
constexpr std::size_t kMostRefineScales = 32;

}  // namespace

json localiser_to_json(const LocaliserSettings& settings) {
  return {{"face_height", settings.face_height},
          {"pyramid_factor", settings.pyramid_factor},
          {"stride", settings.stride},
          {"min_face", settings.min_face},
          {"evidence_margin", settings.evidence_margin},
          {"proposal_threshold", settings.proposal_threshold},
          {"threshold", settings.threshold},
          {"edgeboxes_threshold", settings.edgeboxes_threshold},
          {"refine_side", settings.refine_side},
          {"refine_context", settings.refine_context},
          {"refine_scales", settings.refine_scales},
          {"refine_weight", settings.refine_weight},
          {"box", settings.box}};
}

LocaliserSettings localiser_from_json(const json& object) {
  FieldReader fields(object, "localiser");
  LocaliserSettings settings;
  settings.face_height = fields.number("face_height", 8, 512);
  settings.pyramid_factor = fields.number("pyramid_factor", 1.05F, 4);
  settings.stride = fields.integer("stride", 1, 64);
  settings.min_face = fields.number("min_face", 8, 10'000);
  settings.evidence_margin = fields.number("evidence_margin", 0, 20);
  settings.proposal_threshold = fields.number("proposal_threshold", -kLargestScore, kLargestScore);
  settings.threshold = fields.number("threshold", -kLargestScore, kLargestScore);
  if (fields.has("edgeboxes_threshold")) {  // older models lack it
    settings.edgeboxes_threshold =
        fields.number("edgeboxes_threshold", -kLargestScore, kLargestScore);
  }
  settings.refine_side = fields.integer("refine_side", 8, 512);
  settings.refine_context = fields.number("refine_context", 0.5F, 10);
  settings.refine_scales = fields.numbers("refine_scales", 1, kMostRefineScales, 0.1F, 10);
  settings.refine_weight = fields.number("refine_weight", 0, 1);
  const std::vector<float> box = fields.numbers("box", 4, 4, -2, 5);
  std::copy(box.begin(), box.end(), settings.box.begin());
  if (box[2] < 0.05F || box[3] < 0.05F) fields.fail("\"box\" has no width or height");
  if (settings.face_height > kMostEnlargement * settings.min_face) {
    fields.fail("\"min_face\" is too small for \"face_height\": photos would be enlarged too far");
  }
  fields.finish();
  return settings;
}

json alignment_to_json(const AlignmentSettings& settings) {
  json object = {{"side", settings.side}, {"context", settings.context}, {"looks", settings.looks}};
  if (settings.box) object["box"] = *settings.box;
  return object;
}

AlignmentSettings alignment_from_json(const json& object) {
  FieldReader fields(object, "alignment");
  AlignmentSettings settings;
  settings.side = fields.integer("side", 8, 512);
  settings.context = fields.number("context", 0.5F, 10);
  settings.looks = fields.integer("looks", 1, 8);
  if (fields.has("box")) {  // older models lack it
    const std::vector<float> numbers = fields.numbers("box", 4, 4, -2, 5);
    auto& box = settings.box.emplace();
    std::copy(numbers.begin(), numbers.end(), box.begin());
    if (box[2] < 0.05F || box[3] < 0.05F) fields.fail("\"box\" has no width or height");
  }
  fields.finish();
  return settings;
}

json patches_to_json(const PatchSettings& settings) {
  return {{"region_scale", settings.region_scale}, {"centre_y", settings.centre_y},
          {"region_side", settings.region_side},   {"patch_side", settings.patch_side},
          {"offsets", settings.offsets},           {"mirrored", settings.mirrored}};
}

PatchSettings patches_from_json(const json& object) {
  FieldReader fields(object, "patches");
  PatchSettings settings;
  settings.region_scale = fields.number("region_scale", 0.1F, 10);
  settings.centre_y = fields.number("centre_y", -2, 2);
  settings.region_side = fields.integer("region_side", 8, 2048);
  settings.patch_side = fields.integer("patch_side", 8, 1024);
  settings.offsets = fields.integers("offsets", 1, kMostOffsets, 0, 2048);
  settings.mirrored = fields.flag("mirrored");
  for (const int offset : settings.offsets) {
    if (offset + settings.patch_side > settings.region_side) {
      fields.fail("a patch of " + std::to_string(settings.patch_side) + " pixels at offset " +
                  std::to_string(offset) + " leaves the region of " +
                  std::to_string(settings.region_side));
    }
  }
  fields.finish();
  return settings;
}

json head_to_json(const Head& head) {
  return {{"feature_layer", head.feature_layer},
          {"attributes", head.attributes},
          {"bias", head.bias},
          {"calibration_a", head.calibration_a},
          {"calibration_b", head.calibration_b},
          {"threshold", head.threshold},
          {"threshold_balanced", head.threshold_balanced}};
}

Head head_from_json(const std::string& name, const json& object) {
  FieldReader fields(object, "head " + in_quotes(name));
  Head head;
  head.name = name;
  head.feature_layer = fields.text("feature_layer", 64);
  head.attributes = fields.texts("attributes", 1, kMostAttributes, 100);
  std::set<std::string> seen;
  for (const std::string& attribute : head.attributes) {
    if (attribute.empty()) fields.fail("an attribute has no name");
    if (!seen.insert(attribute).second) {
      fields.fail("two attributes are called " + in_quotes(attribute));
    }
  }
  const std::size_t count = head.attributes.size();
  head.bias = fields.numbers("bias", count, count, -kLargestScore, kLargestScore);
  head.calibration_a = fields.numbers("calibration_a", count, count, -kLargestScore, kLargestScore);
  head.calibration_b = fields.numbers("calibration_b", count, count, -kLargestScore, kLargestScore);
  head.threshold = fields.numbers("threshold", count, count, 0, 1);
  head.threshold_balanced = fields.numbers("threshold_balanced", count, count, 0, 1);
  fields.finish();
  return head;
}

}  // namespace facet::detail
