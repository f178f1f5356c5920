// SPDX-License-Identifier: Apache-2.0
// The threshold of a way of finding faces, as the paper finds LNet's: face photos against scenes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "evaluate/evaluation.hpp"
#include "evaluate/face_finders.hpp"

namespace facet::detail {

struct ThresholdFit {
  LocalisationWay way = LocalisationWay::edgeboxes;
  std::string title;  // of the detector
  float threshold = 0;
  float shipped = 0;          // the model's, of windows by EdgeBoxes
  std::vector<float> faces;   // best window's score of each photo with a face
  std::vector<float> scenes;  // and of each without
  std::vector<std::string> unreadable;
};

// On frames of held-out people (at most 500) and the scenes kept for thresholds. Throws
// Error(not_found) where either are missing.
ThresholdFit fit_threshold(const Detector& detector, const EvaluationOptions& options);

// One line for people.
std::string threshold_text(const ThresholdFit& fit);

// localisation-threshold-WAY.csv, a score a photo, and .svg, the two histograms.
void write_threshold(const std::filesystem::path& folder, const ThresholdFit& fit);

}  // namespace facet::detail
