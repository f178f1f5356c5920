// SPDX-License-Identifier: Apache-2.0
// Teaches one head for many attributes at once on frozen features.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/model_parts.hpp"
#include "teach/patch_summary.hpp"

namespace facet::detail {

struct PhotoToLearn {
  PatchSummary features;
  std::vector<std::int8_t> labels;  // ±1 an attribute
  int fold = 0;                     // of the cross-validation: one for all photos of a person
};

struct TeachManySettings {
  std::vector<float> costs = {0.01F, 0.1F, 1, 10, 100};  // tried; the least log loss wins
  int threads = 1;                                       // the result does not depend on it
  std::function<void(std::size_t done)> progress;        // after each attribute, one at a time
};

struct TeachingResults {
  Head head;                           // without name and layer
  std::vector<float> costs;            // an attribute; 0 where there was nothing to learn
  std::vector<std::size_t> positives;  // among the photos
};

// A linear SVM an attribute on the patches of all photos. Its cost, its calibration and so its
// probabilities come from cross-validation by fold: scores of photos whose fold was left out. An
// attribute that all photos have, or none, is always answered so. Throws Error(invalid_argument)
// for no photos, or only one fold.
TeachingResults teach_many(const std::vector<PhotoToLearn>& photos,
                           const std::vector<std::string>& attributes,
                           const TeachManySettings& settings);

}  // namespace facet::detail
