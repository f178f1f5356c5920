// SPDX-License-Identifier: Apache-2.0
// LFWA+, as in the paper: attributes that no network has seen. ANet's features stay as they are; an
// SVM an attribute learns from the photos of a third of the people of LFWA's test part, and is
// tried on those of the others.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "evaluate/attribute_figures.hpp"
#include "evaluate/evaluation.hpp"

namespace facet::detail {

struct LfwaPlusRow {
  std::string attribute;
  std::string restates;  // one of the forty that says the same or the opposite; or empty
  std::size_t taught_positives = 0;  // among the photos that taught
  float cost = 0;                    // of the SVM; 0 where those photos were all alike
  AttributeFigures figures;          // on the others
};

struct LfwaPlusReport {
  std::string name;  // names the threshold mode where it is not `accuracy`
  ThresholdMode threshold_mode = ThresholdMode::accuracy;
  std::size_t taught_photos = 0;
  std::size_t taught_people = 0;
  std::size_t photos = 0;  // that were measured
  std::size_t people = 0;
  std::vector<LfwaPlusRow> rows;
  std::size_t unseen = 0;  // attributes that restate none of the forty
  AttributeFigures average_unseen;
  AttributeFigures average_all;
  std::vector<std::string> unreadable;
};

// Whether the photos of this person teach: a third of all names do, and the choice depends on the
// name alone.
bool teaches(const std::string& person);

// What an attribute of list_attr_extended.txt says again of the forty; empty for an unseen one.
std::string restated_attribute(const std::string& attribute);

// Throws Error(not_found) where the list of labels or enough photos are missing.
LfwaPlusReport measure_lfwa_plus(const EvaluationOptions& options);

// Measures; with options.out writes NAME.csv.
EvaluationResult evaluate_lfwa_plus(const EvaluationOptions& options);

}  // namespace facet::detail
