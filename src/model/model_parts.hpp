// SPDX-License-Identifier: Apache-2.0
// What a model file holds, as the stages use it, and its JSON form (metadata key "facet").
#pragma once

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "format/network_spec.hpp"
#include "format/safetensors.hpp"
#include "network/network.hpp"

namespace facet::detail {

// How LNet looks at photos (paper 3.1) and how its windows become boxes.
struct LocaliserSettings {
  float face_height = 40;       // height in pixels, at network scale, that LNet_o was tuned to
  float pyramid_factor = 1.3F;  // from one scale of the pyramid to the next
  int stride = 8;               // pixels per cell of both networks' maps
  float min_face = 40;          // smallest face looked for, in photo pixels (--min-size default)
  // Tag evidence of a cell: the sum of max(0, logit + margin). With a margin weak faces are ranked
  // too, instead of all being 0.
  float evidence_margin = 0;
  float proposal_threshold = 0;  // tag evidence of LNet_o below which no window is proposed
  float threshold = 0;           // score from which a window is a face
  // The same of windows by EdgeBoxes, whose scores are responses: what `facet eval localisation
  // --rows edgeboxes` found for `paper` 2 and `best` 1 between held-out frames and scenes.
  float edgeboxes_threshold = 0.7F;
  int refine_side = 96;         // LNet_s sees the window resized to refine_side², …
  float refine_context = 2.2F;  // … cut this many face heights wide
  std::vector<float> refine_scales = {0.8F, 0.9F, 1.0F, 1.12F, 1.25F};  // sizes tried around it
  float refine_weight = 0.5F;  // score = (1 - w) * LNet_o's + w * LNet_s's evidence, scaled
  // From LNet's square window (side = face height) to the detector's habit of drawing boxes:
  // centre shifts by (dx, dy) * side, width = sx * side, height = sy * side. Fitted on LFWA
  // partition 0 alone.
  std::array<float, 4> box = {0, 0, 0.72F, 1.0F};
};

// How the aligner, where a model has one, looks at a face: a square of `context` heights, resized
// to side², turned upright as far as it knows, `looks` times.
struct AlignmentSettings {
  int side = 64;
  float context = 1.2F;
  int looks = 2;
  // From the pose to the detector's habit of drawing boxes (describe/pose_box.hpp), fitted on LFWA
  // partition 0 alone; none in older models, whose boxes are LNet's.
  std::optional<std::array<float, 4>> box = std::nullopt;
};

// How ANet's patches are cut from a face box (paper 3.2): a square region around the box,
// resized to region_side², then patches of patch_side² at the given offsets.
struct PatchSettings {
  float region_scale = 1.45F;  // side of the region in box heights
  float centre_y = -0.08F;     // shift of the region's centre, in box heights
  int region_side = 104;
  int patch_side = 88;
  std::vector<int> offsets = {0, 8, 16};  // the same in x and y
  bool mirrored = true;                   // each patch also mirrored
};

// One linear SVM an attribute on ANet's features, averaged over patches; then a logistic
// calibration p = 1 / (1 + exp(-(a * score + b))).
struct Head {
  std::string name;                     // celeba, lfwa
  std::string feature_layer;            // of ANet, e.g. "FC"
  std::vector<std::string> attributes;  // labels
  std::vector<float> weight;            // attributes × features, row-major
  std::vector<float> bias;              // attributes
  std::vector<float> calibration_a;
  std::vector<float> calibration_b;
  std::vector<float> threshold;  // probability from which the attribute holds
  std::vector<float> threshold_balanced;
};

struct NetworkPart {
  NetworkSpec spec;
  WeightMap weights;
};

struct ModelParts {
  std::string name;
  std::string version;
  std::string licence;
  std::string checksum;
  nlohmann::json provenance;  // training run: recipe, revision, seed, data, dates
  std::optional<Network> lnet_o;
  std::optional<Network> lnet_s;        // may be absent: LNet_o's windows are then final
  std::optional<Network> aligner;       // may be absent: boxes are then taken as they are
  std::optional<Network> anet;          // absent in models that only locate
  std::string evidence_layer = "tags";  // of both LNets: a logit a cell and tag
  std::string response_layer = "C5";    // its channel mean is the paper's response map
  LocaliserSettings localiser;
  AlignmentSettings alignment;  // means something only with an aligner
  PatchSettings patches;
  std::map<std::string, Head> heads;
  // Whether what LNet found is a face at all: a head of one attribute, asked where LNet is in
  // doubt. Older models have none.
  std::optional<Head> face_check = std::nullopt;
};

// What is written: `networks` by part name (lnet_o, lnet_s, aligner, anet), the rest from `parts`.
void write_model(const std::filesystem::path& path, const ModelParts& parts,
                 const std::map<std::string, NetworkPart>& networks);

// What write_model() writes. Throws Error, beginning with `name`, for a model that could not be
// read again.
std::vector<std::byte> model_bytes(const ModelParts& parts,
                                   const std::map<std::string, NetworkPart>& networks,
                                   const std::string& name);

// Reads the file, networks included, as both inference and tools that take parts apart need it.
struct LoadedModel {
  ModelParts parts;
  std::map<std::string, NetworkPart> networks;
};
LoadedModel read_model(const std::filesystem::path& path);
// The parts alone, which is all that prediction needs: without a second copy of the weights.
ModelParts read_model_parts(const std::filesystem::path& path);
// The same from the bytes of such a file; `name` stands for the path in messages.
ModelParts parse_model_parts(std::span<const std::byte> bytes, const std::string& name);

}  // namespace facet::detail
