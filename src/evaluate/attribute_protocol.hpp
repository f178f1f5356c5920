// SPDX-License-Identifier: Apache-2.0
// Attributes of a set of photos, LNet's strongest window each, beside the baselines.
#pragma once

#include <string>
#include <vector>

#include "evaluate/attribute_figures.hpp"
#include "evaluate/evaluation.hpp"
#include "evaluate/photo_sets.hpp"

namespace facet::detail {

struct AttributeRow {
  std::string attribute;
  AttributeFigures found;     // at LNet's window
  AttributeFigures constant;  // at the constant window
};

struct AttributeReport {
  // Of the set, of the head where it is not the set's own, and of the threshold mode where it is
  // not `accuracy`: figures of one never take the place of the other's.
  std::string name;
  std::string labels;
  ThresholdMode threshold_mode = ThresholdMode::accuracy;
  std::vector<AttributeRow> rows;
  AttributeRow average;
  std::vector<ReliabilityBin> reliability;  // of the answers about all attributes together
  std::size_t photos = 0;                   // that were measured
  Box constant_window;                      // relative
  int without_face = 0;
  std::vector<std::string> unreadable;
};

AttributeReport measure_attributes(const EvaluationSet& set, const EvaluationOptions& options);

// Prints, and with options.out writes NAME.csv, NAME-reliability.svg and the set's line of
// summary.csv.
EvaluationResult report_attributes(const AttributeReport& report, const EvaluationOptions& options);

}  // namespace facet::detail
