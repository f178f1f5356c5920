// SPDX-License-Identifier: Apache-2.0
// A head for one new attribute, taught on a model's frozen features (`facet teach`).
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "facet/api.hpp"

namespace facet {

class Model;

// How a head was taught, and how good its cross-validation found it. Shares are 0…1.
struct TeachingRecord {
  std::size_t photos = 0;     // that were used
  std::size_t positives = 0;  // of them with the attribute
  float cost = 0;             // of the SVM
  float accuracy = 0;
  float balanced_accuracy = 0;
  float log_loss = 0;

  friend bool operator==(const TeachingRecord&, const TeachingRecord&) = default;
};

// A value type: a linear SVM on ANet's features, averaged over the patches, and its calibration
// p = 1 / (1 + exp(-(a * score + b))).
struct FACET_API TaughtHead {
  std::string name;           // of the attribute
  std::string model_name;     // of the model it was taught on, …
  std::string model_version;  // … both for people to read
  std::string anet_checksum;  // what decides whether it fits: of ANet and how its patches are cut
  std::string feature_layer;  // of ANet
  std::vector<float> weight;  // one a feature
  float bias = 0;
  float calibration_a = 1;
  float calibration_b = 0;
  float threshold = 0.5F;           // probability from which the attribute holds, for accuracy
  float threshold_balanced = 0.5F;  // the same for balanced accuracy
  std::string licence;              // of the model's weights: it holds for the head as well
  TeachingRecord teaching;

  // Throws Error: not_found, bad_model (damaged, not a head, out of range); one line that names the
  // file. Nothing in the file is trusted.
  static TaughtHead load(const std::filesystem::path& path);
  // Replaces the file at once or leaves it as it was. Throws Error: io, invalid_argument where the
  // head could not be loaded again.
  void write(const std::filesystem::path& path) const;

  friend bool operator==(const TaughtHead&, const TaughtHead&) = default;
};

// Nothing where the head's features are this model's; otherwise throws Error(bad_model) that names
// the head and both models with their versions.
FACET_API void check_fit(const TaughtHead& head, const Model& model);

// Throws Error(invalid_argument) where an attribute cannot have that name: empty, longer than 100
// bytes, not UTF-8, or with white space, commas, quotes or control characters, which lists and
// tables could not show.
FACET_API void check_attribute_name(const std::string& name);

}  // namespace facet
