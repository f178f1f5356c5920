// SPDX-License-Identifier: Apache-2.0
// `facet eval`: measures a model as it is shipped, through the inference library.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/photo_workers.hpp"
#include "facet/explain.hpp"
#include "facet/model.hpp"

namespace facet::detail {

// For comparison.
struct NamedModel {
  std::string name;
  std::shared_ptr<const Model> model;
};

struct EvaluationOptions {
  std::filesystem::path data;  // holds celeba, celeba_frames, celeba_wild, lfwa, scenes
  std::optional<std::filesystem::path> labels;  // of "said": what facet export --said wrote
  std::shared_ptr<const Model> model;
  std::shared_ptr<const Concepts> concepts;  // of the model, where "explain" is measured
  std::optional<std::filesystem::path> out;  // folder for CSV files and pictures
  bool overwrite = false;                    // also files there that facet did not write
  int threads = 1;
  int limit = 0;                    // at most so many photos a set, spread evenly; 0: all
  std::optional<std::string> head;  // default: the one trained for the set's labels
  ThresholdMode threshold_mode = ThresholdMode::accuracy;  // of attributes
  // Which ways of finding faces "localisation" measures: of localisation_way_names().
  std::vector<std::string> rows = {"lnet", "constant"};
  // Smallest face that "localisation" looks for, default: each model's. Where it is given, a
  // further set has faces from that height to twice as high in scenes.
  std::optional<float> min_face;
  std::vector<NamedModel> further_models;     // whose LNet "localisation" measures beside
  Proposals proposals = Proposals::evidence;  // for the windows that attributes are read from
  Precision precision = Precision::fp32;
  Progress progress;
};

struct EvaluationResult {
  std::string text;                     // tables for people
  std::vector<std::string> unreadable;  // a line a photo that could not be read
};

// wild, frames, lfwa, lfwa-edge, lfwa-placed, validation, localisation, lfwa-plus, head-comparison,
// robustness, robustness-validation, said, explain.
const std::vector<std::string>& protocol_names();
// Those that measure a head's attributes, by windows of either proposals.
bool reads_attributes(const std::string& protocol);

// Throws Error(invalid_argument) for an unknown name, a head that the model lacks, or proposals
// that the protocol does not take.
EvaluationResult run_protocol(const std::string& protocol, const EvaluationOptions& options);

}  // namespace facet::detail
