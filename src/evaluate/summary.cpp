// SPDX-License-Identifier: Apache-2.0
#include "evaluate/summary.hpp"

#include <algorithm>
#include <vector>

#include "evaluate/result_table.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

const std::vector<std::string>& figure_columns() {
  static const std::vector<std::string> columns = {"accuracy",
                                                   "balanced",
                                                   "majority",
                                                   "constant",
                                                   "constant_balanced",
                                                   "paper",
                                                   "ece",
                                                   "ece_by_chance",
                                                   "recall_at_0.01",
                                                   "recall_at_0.1",
                                                   "mean_overlap",
                                                   "recall_at_threshold",
                                                   "false_positives_at_threshold"};
  return columns;
}

}  // namespace

void update_summary(const std::filesystem::path& folder, std::span<const SummaryRow> rows,
                    const RunRecord& record) {
  ResultTable table;
  table.columns = {"protocol", "photos", "unreadable"};
  const auto& figures = figure_columns();
  const auto about = record_columns();
  table.columns.insert(table.columns.end(), figures.begin(), figures.end());
  table.columns.insert(table.columns.end(), about.begin(), about.end());
  const auto fields = record_fields(record);
  for (const SummaryRow& row : rows) {
    for (const auto& [name, value] : row.figures) {
      if (std::find(figures.begin(), figures.end(), name) == figures.end()) {
        throw Error(ErrorCode::invalid_argument, "the summary has no column " + name);
      }
    }
    std::vector<std::string> line = {row.protocol, std::to_string(row.photos),
                                     std::to_string(row.unreadable)};
    for (const std::string& name : figures) {
      const auto value = row.figures.find(name);
      line.push_back(value == row.figures.end() ? std::string() : value->second);
    }
    line.insert(line.end(), fields.begin(), fields.end());
    table.rows.push_back(std::move(line));
  }
  update_csv(folder / "summary.csv", table);
}

}  // namespace facet::detail
