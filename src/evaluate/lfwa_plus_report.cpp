// SPDX-License-Identifier: Apache-2.0
// The figures of LFWA+ as text and as a CSV file.
#include "base/number_text.hpp"
#include "evaluate/lfwa_plus_protocol.hpp"
#include "evaluate/result_table.hpp"
#include "evaluate/run_record.hpp"

namespace facet::detail {
namespace {

std::vector<std::string> cells(const std::string& name, const std::string& restates,
                               const AttributeFigures& figures) {
  return {name,
          restates,
          percent(figures.accuracy),
          percent(figures.balanced),
          percent(figures.majority),
          fixed(figures.calibration_error, 4)};
}

ResultTable table_of(const LfwaPlusReport& report) {
  ResultTable table;
  table.columns = {"attribute", "restates", "accuracy", "balanced",
                   "majority",  "ece",      "cost",     "taught_positives"};
  for (const LfwaPlusRow& row : report.rows) {
    table.rows.push_back(cells(row.attribute, row.restates, row.figures));
    table.rows.back().push_back(row.cost > 0 ? shortest_text(row.cost) : std::string());
    table.rows.back().push_back(std::to_string(row.taught_positives));
  }
  const auto add_average = [&](const std::string& name, const AttributeFigures& figures) {
    table.rows.push_back(cells(name, {}, figures));
    table.rows.back().resize(table.columns.size());
  };
  add_average("Average of " + std::to_string(report.unseen) + " unseen", report.average_unseen);
  add_average("Average of all " + std::to_string(report.rows.size()), report.average_all);
  return table;
}

// Names of attributes that the photos could not teach.
std::string untaught(const LfwaPlusReport& report) {
  std::string names;
  for (const LfwaPlusRow& row : report.rows) {
    if (row.cost == 0) names += (names.empty() ? "" : ", ") + row.attribute;
  }
  return names;
}

std::string text_of(const LfwaPlusReport& report, const ResultTable& table,
                    const RunRecord& record) {
  std::string text = report.name + ": " + std::to_string(report.photos) + " photos of " +
                     std::to_string(report.people) + " people, taught on " +
                     std::to_string(report.taught_photos) + " of " +
                     std::to_string(report.taught_people) + " others, " +
                     std::to_string(report.unreadable.size()) + " unreadable; percent, ece 0-1";
  if (report.threshold_mode == ThresholdMode::balanced) {
    text += "; thresholds for balanced accuracy";
  }
  text += '\n' + record_text(record);
  text += "attributes that restate one of the forty do not count as unseen\n";
  if (const std::string names = untaught(report); !names.empty()) {
    text += "all alike among the photos that teach, always answered so: " + names + '\n';
  }
  return text + table_text(table);
}

}  // namespace

EvaluationResult evaluate_lfwa_plus(const EvaluationOptions& options) {
  const LfwaPlusReport report = measure_lfwa_plus(options);
  const RunRecord record = record_run(*options.model, options.threads, options.precision);
  const ResultTable table = table_of(report);
  if (options.out) {
    ResultTable full = table;
    const auto columns = record_columns();
    const auto fields = record_fields(record);
    full.columns.insert(full.columns.end(), {"photos", "taught_photos"});
    full.columns.insert(full.columns.end(), columns.begin(), columns.end());
    for (auto& row : full.rows) {
      row.push_back(std::to_string(report.photos));
      row.push_back(std::to_string(report.taught_photos));
      row.insert(row.end(), fields.begin(), fields.end());
    }
    write_csv(*options.out / (report.name + ".csv"), full);
  }
  return {text_of(report, table, record), report.unreadable};
}

}  // namespace facet::detail
