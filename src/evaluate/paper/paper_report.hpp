// SPDX-License-Identifier: Apache-2.0
// `facet eval paper`: every claim of the paper, repeated on our data.
#pragma once

#include "evaluate/evaluation.hpp"
#include "evaluate/paper/paper_options.hpp"

namespace facet::detail {

// Names of the report's sections, as `only` takes them.
std::vector<std::string> paper_section_names();

// Writes tables (CSV), figures (SVG), ledger.csv and report.html into options.out; with
// options.only the tables and figures of these sections alone. Finished steps are taken from
// options.work. Throws Error: not_found without the model `paper`, invalid_argument for an unknown
// section, io where files of somebody else are in the way.
EvaluationResult write_paper_report(const PaperOptions& options);

}  // namespace facet::detail
