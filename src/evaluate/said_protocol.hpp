// SPDX-License-Identifier: Apache-2.0
// "said": faces about which people said something in an index of somebody's own photos.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "evaluate/attribute_figures.hpp"
#include "evaluate/evaluation.hpp"

namespace facet::detail {

struct SaidRow {
  std::string attribute;
  AttributeFigures figures;
};

struct SaidReport {
  std::size_t faces = 0;        // about which people said something
  std::size_t faces_found = 0;  // that the model finds, too; figures are of these
  std::vector<SaidRow> rows;    // attributes of the head that people spoke of
  AttributeFigures average;
  std::vector<std::string> unreadable;
};

// Throws Error: not_found without options.labels, bad_label where nobody speaks of the
// head's attributes, and what read_said_faces() throws.
SaidReport measure_said(const EvaluationOptions& options);

// Measures; with options.out writes said.csv.
EvaluationResult evaluate_said(const EvaluationOptions& options);

}  // namespace facet::detail
