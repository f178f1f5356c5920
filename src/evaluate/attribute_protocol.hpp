// Attributes of a set of photos, LNet's strongest window each, beside the baselines.
#pragma once

#include <string>
#include <vector>

#include "evaluate/attribute_figures.hpp"
#include "evaluate/evaluation.hpp"
#include "evaluate/photo_sets.hpp"

namespace facet {

struct AttributeRow {
  std::string attribute;
  AttributeFigures found;     // at LNet's window
  AttributeFigures constant;  // at the constant window
};

struct AttributeReport {
  std::string name;  // of the set, and of the head where it is not the set's own
  std::string labels;
  std::vector<AttributeRow> rows;
  AttributeRow average;
  std::vector<ReliabilityBin> reliability;  // of the answers about all attributes together
  std::size_t photos = 0;                   // that were measured
  Box constant_window;                      // relative
  int without_face = 0;
  std::vector<std::string> unreadable;
};

AttributeReport measure_attributes(const EvaluationSet& set, const EvaluationOptions& options);

// Prints, and with options.out writes NAME.csv, NAME-reliability.png and the set's line of
// summary.csv.
EvaluationResult report_attributes(const AttributeReport& report, const EvaluationOptions& options);

}  // namespace facet
