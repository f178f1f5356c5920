// SPDX-License-Identifier: Apache-2.0
// Faces found in photos and in scenes without faces.
#pragma once

#include <string>
#include <vector>

#include "evaluate/evaluation.hpp"
#include "evaluate/localisation_figures.hpp"
#include "evaluate/photo_sets.hpp"
#include "evaluate/run_record.hpp"

namespace facet::detail {

// One way of finding faces, on one set of photos and the scenes.
struct LocalisationRow {
  std::string set;
  std::string detector;
  std::size_t faces = 0;
  std::size_t scenes = 0;
  std::size_t unreadable = 0;
  RocPoint at_hundredth;      // at most 0.01 false positives a photo
  RocPoint at_tenth;          // at most 0.1
  double mean_overlap = 0;    // of true boxes at at_tenth
  RocPoint own;               // at the detector's own threshold
  RocPoint strict_hundredth;  // as at_hundredth, every box that touches no listed face counted
  std::vector<RocPoint> curve;
  std::vector<std::pair<double, double>> by_overlap;  // least overlap, recall at at_tenth
  RunRecord record;
};

LocalisationRow measure_detections(std::string set, std::string detector,
                                   const std::vector<PhotoDetections>& photos);

// All sets, each with the scenes kept for measuring. Sets whose collections are not there are named
// in the text and left out; throws Error(not_found) where that leaves none.
EvaluationResult evaluate_localisation(const EvaluationOptions& options);

}  // namespace facet::detail
