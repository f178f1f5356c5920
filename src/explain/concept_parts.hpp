// SPDX-License-Identifier: Apache-2.0
// What is known of a model's neurons, and the file that keeps it (docs/explain.md).
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "facet/image.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

// Neurons that go with one attribute most, or against it.
struct Concept {
  int attribute = 0;  // of ConceptParts::attributes
  bool with = true;

  friend bool operator==(const Concept&, const Concept&) = default;
};

// Of one head; matrices are row-major, a row an attribute.
struct HeadConcepts {
  std::string checksum;              // of the head, see head_checksum()
  std::vector<float> sparse_weight;  // attributes × neurons, most of them 0
  std::vector<float> sparse_bias;
  std::vector<float> sparse_a;  // calibration, as a Head's; thresholds are the head's own
  std::vector<float> sparse_b;
  // The least and most that 98 of 100 faces have of each concept: attributes × concepts.
  std::vector<float> concept_low;
  std::vector<float> concept_high;
};

struct ConceptParts {
  std::string model_name;
  std::string model_version;
  std::string anet_checksum;  // describer_checksum()
  std::string feature_layer;
  std::vector<std::string> attributes;  // that neurons were compared with
  std::vector<float> correlation;       // neurons × attributes
  std::vector<float> mean;              // a neuron's response over photos, …
  std::vector<float> deviation;         // … and its standard deviation
  // The mean of the map that `feature_layer` reads: height × width × channels, as FeatureMap.
  int map_side = 0;
  std::vector<float> mean_map;
  int face_side = 0;  // of the mean faces
  // Mean faces side by side, kFaceColumns a row: one a neuron, then that of all people.
  Image faces;
  std::map<std::string, HeadConcepts> heads;
  nlohmann::json provenance;

  [[nodiscard]] int neurons() const { return static_cast<int>(mean.size()); }
};

inline constexpr int kFaceColumns = 16;
// A neuron whose correlation with every attribute is below this goes with none.
inline constexpr float kLeastCorrelation = 0.15F;

// The concepts that occur, in the order of their attributes; and a neuron's place among them, -1
// for one that goes with no attribute.
struct ConceptGroups {
  std::vector<Concept> concepts;
  std::vector<int> of_neuron;
};
ConceptGroups concept_groups(const ConceptParts& parts);
// "Bangs", "not Male".
std::string concept_name(const ConceptParts& parts, const Concept& concept_of);

// Of a head's weights, biases and calibration: SHA-256 in hex.
std::string head_checksum(const Head& head);

// Throws Error(not_found, bad_model, io); nothing in the file is trusted.
ConceptParts read_concepts(const std::filesystem::path& path);
// There completely or not at all. Throws Error(io), and invalid_argument for what could not be read
// again or takes more than 1 MB.
void write_concepts(const std::filesystem::path& path, const ConceptParts& parts);

}  // namespace facet::detail
