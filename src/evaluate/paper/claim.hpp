// SPDX-License-Identifier: Apache-2.0
// What the paper says, and what became of it here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evaluate/result_table.hpp"
#include "evaluate/statistics/bootstrap.hpp"

namespace facet::detail {

enum class Verdict {
  reproduced,
  partly,      // the direction holds, the figure does not; or the interval leaves both open
  not_so,      // measured, and otherwise
  untested,    // needs what is not there; the command says how to get it
  other_kind,  // a figure that others ascribe to the paper and that it never made
};
const char* verdict_name(Verdict verdict);

struct Claim {
  std::string what;
  std::string paper;  // its figure
  std::string ours;   // with the interval; empty where untested
  Verdict verdict = Verdict::untested;
  std::string differs;  // from the paper's experiment
  std::string command;
};

// A part of the report. Files lie in the report's folder.
struct ReportFigure {
  std::string file;  // of an SVG
  std::string caption;
};
struct ReportTable {
  std::string file;  // of a CSV, perhaps with more columns than the table shown
  std::string caption;
  ResultTable shown;
};
struct Section {
  std::string name;  // "table-1": what --only takes
  std::string title;
  std::vector<std::string> paragraphs;
  std::vector<ReportTable> tables;
  std::vector<ReportFigure> figures;
  std::vector<Claim> claims;
};

// "89.2 (88.1–90.2)", in percent.
std::string percent_text(const Interval& interval);
// The same for differences, with a sign, in points.
std::string points_text(const Interval& interval);
// A figure that is to be as high as the paper's, which is rounded to whole percent: reproduced
// where ours rounds to that or more, partly where the interval reaches it.
Verdict at_least(const Interval& ours, double paper_percent);
// A difference that is to be as large: reproduced from `paper_points` on; partly where it is surely
// above 0.
Verdict gains(const Interval& ours, double paper_points);
// A difference that is to be small: reproduced where it is surely at most `most_points`, partly
// where the interval leaves that open.
Verdict small_loss(const Interval& ours, double most_points);

}  // namespace facet::detail
