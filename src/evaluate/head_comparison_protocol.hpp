// SPDX-License-Identifier: Apache-2.0
// `facet eval head-comparison`: who decides, and on how many patches (paper, 4.1): the SVMs or the
// network's own sigmoids, on all patches of a face or on its middle one alone.
#pragma once

#include <string>
#include <vector>

#include "evaluate/attribute_figures.hpp"
#include "evaluate/evaluation.hpp"

namespace facet::detail {

struct DeciderRow {
  std::string set;
  std::string decider;  // "SVM" or "sigmoid"
  int patches = 0;      // of a face, mirrored ones counted
  AttributeFigures average;
};

struct DeciderReport {
  std::vector<DeciderRow> rows;
  std::vector<std::string> left_out;  // sets whose collections are not there
  std::vector<std::string> unreadable;
};

// On `wild` and `lfwa`, each with its own head; the network must have a last layer "tags" whose
// logits are those of CelebA's attributes, then perhaps LFWA's: sets without logits of their own
// get no sigmoid rows. Throws Error(not_found) where neither collection is there.
DeciderReport measure_head_comparison(const EvaluationOptions& options);
EvaluationResult evaluate_head_comparison(const EvaluationOptions& options);

}  // namespace facet::detail
