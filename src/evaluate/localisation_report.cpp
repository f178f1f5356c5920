// SPDX-License-Identifier: Apache-2.0
#include "evaluate/localisation_report.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "evaluate/chart.hpp"
#include "evaluate/face_finders.hpp"
#include "evaluate/result_table.hpp"
#include "evaluate/summary.hpp"

namespace facet::detail {
namespace {

constexpr std::string_view drawn_detector = "LNet";
constexpr double least_drawn_rate = 0.001;

std::string threshold_text(float threshold) {
  return std::isfinite(threshold) ? fixed(threshold, 4) : std::string();
}

// Nothing where no face was found to measure.
std::string overlap_text(const LocalisationRow& row) {
  return row.mean_overlap > 0 ? fixed(row.mean_overlap, 3) : std::string();
}

ResultTable figures_table(const std::vector<LocalisationRow>& rows) {
  ResultTable table;
  table.columns = {"set",
                   "detector",
                   "faces",
                   "scenes",
                   "recall@0.01",
                   "recall@0.1",
                   "mean_overlap",
                   "recall@threshold",
                   "false@threshold",
                   "strict_recall@0.01"};
  for (const LocalisationRow& row : rows) {
    table.rows.push_back({row.set, row.detector, std::to_string(row.faces),
                          std::to_string(row.scenes), percent(row.at_hundredth.recall),
                          percent(row.at_tenth.recall), overlap_text(row), percent(row.own.recall),
                          fixed(row.own.false_rate, 4), percent(row.strict_hundredth.recall)});
  }
  return table;
}

void write_figures(const std::filesystem::path& folder, const std::vector<LocalisationRow>& rows) {
  ResultTable table = figures_table(rows);
  const auto columns = record_columns();
  for (const char* name : {"unreadable", "threshold@0.01", "threshold@0.1"}) {
    table.columns.emplace_back(name);
  }
  table.columns.insert(table.columns.end(), columns.begin(), columns.end());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& cells = table.rows[i];
    cells.push_back(std::to_string(rows[i].unreadable));
    cells.push_back(threshold_text(rows[i].at_hundredth.threshold));
    cells.push_back(threshold_text(rows[i].at_tenth.threshold));
    const auto fields = record_fields(rows[i].record);
    cells.insert(cells.end(), fields.begin(), fields.end());
  }
  write_csv(folder / "localisation.csv", table);
}

void write_curves(const std::filesystem::path& folder, const std::vector<LocalisationRow>& rows) {
  ResultTable curves{{"set", "detector", "threshold", "false_positives", "recall"}, {}};
  ResultTable overlaps{{"set", "detector", "least_overlap", "recall"}, {}};
  for (const LocalisationRow& row : rows) {
    for (const RocPoint& point : thinned(row.curve)) {
      curves.rows.push_back({row.set, row.detector, threshold_text(point.threshold),
                             fixed(point.false_rate, 6), fixed(point.recall, 6)});
    }
    for (const auto& [least, recall] : row.by_overlap) {
      overlaps.rows.push_back({row.set, row.detector, fixed(least, 2), fixed(recall, 6)});
    }
  }
  write_csv(folder / "localisation-roc.csv", curves);
  write_csv(folder / "localisation-overlap.csv", overlaps);
}

Chart empty_roc_chart(const std::string& title) {
  Chart chart;
  chart.title = title;
  chart.x.title = "false positives a photo";
  chart.x.low = least_drawn_rate;
  chart.x.logarithmic = true;
  chart.y.title = "recall";
  return chart;
}

ChartCurve roc_curve(const std::string& name, const LocalisationRow& row) {
  ChartCurve curve{name, {}};
  for (const RocPoint& point : row.curve) curve.points.emplace_back(point.false_rate, point.recall);
  return curve;
}

// The shipped way on every set.
void draw_sets(const std::filesystem::path& folder, const std::vector<LocalisationRow>& rows) {
  Chart roc_chart = empty_roc_chart("Dominant face found (overlap 0.5) against false positives");
  Chart overlap_chart;
  overlap_chart.title = "Dominant face found at 0.1 false positives a photo";
  overlap_chart.x.title = "least overlap (intersection over union)";
  overlap_chart.x.low = 0.3;
  overlap_chart.x.high = 0.9;
  overlap_chart.y.title = "recall";
  overlap_chart.names_left = true;
  for (const LocalisationRow& row : rows) {
    if (row.detector != drawn_detector) continue;
    roc_chart.curves.push_back(roc_curve(row.set, row));
    overlap_chart.curves.push_back({row.set, row.by_overlap});
  }
  if (roc_chart.curves.empty()) return;
  write_chart(folder / "localisation-roc.svg", roc_chart);
  write_chart(folder / "localisation-overlap.svg", overlap_chart);
}

// Every way on one set, a picture a set; one box a photo is no curve.
void draw_ways(const std::filesystem::path& folder, const std::vector<LocalisationRow>& rows) {
  std::map<std::string, Chart> charts;
  for (const LocalisationRow& row : rows) {
    if (row.detector == localisation_title(LocalisationWay::constant)) continue;
    const std::string title = "Dominant face found (overlap 0.5) against false positives: ";
    Chart& chart = charts.try_emplace(row.set, empty_roc_chart(title + row.set)).first->second;
    chart.names_left = true;
    chart.curves.push_back(roc_curve(row.detector, row));
  }
  for (const auto& [set, chart] : charts) {
    const bool only_shipped = chart.curves.size() == 1 && chart.curves[0].name == drawn_detector;
    if (!only_shipped) write_chart(folder / ("localisation-roc-" + set + ".svg"), chart);
  }
}

}  // namespace

std::string localisation_text(const std::vector<LocalisationRow>& rows,
                              const std::vector<std::string>& left_out, const RunRecord& record) {
  std::string text =
      "localisation: a face is found where a box overlaps the dominant listed one by at least "
      "0.5;\n"
      "recall in percent at 0.01 and 0.1 false positives a photo (faces and scenes) and at the "
      "detector's own threshold\nwith its rate; strict: every box that touches no listed face is "
      "false, not only those near the dominant face.\nThe constant window is privileged: the "
      "median place of the set's own faces.\n";
  text += record_text(record);
  for (const std::string& line : left_out) text += "left out: " + line + '\n';
  return text + table_text(figures_table(rows));
}

void write_localisation(const std::filesystem::path& folder,
                        const std::vector<LocalisationRow>& rows, const RunRecord& record) {
  write_figures(folder, rows);
  write_curves(folder, rows);
  draw_sets(folder, rows);
  draw_ways(folder, rows);
  std::vector<SummaryRow> lines;
  for (const LocalisationRow& row : rows) {
    if (row.detector != drawn_detector) continue;
    SummaryRow line;
    line.protocol = "localisation " + row.set;
    line.photos = row.faces + row.scenes;
    line.unreadable = row.unreadable;
    line.figures = {{"recall_at_0.01", percent(row.at_hundredth.recall)},
                    {"recall_at_0.1", percent(row.at_tenth.recall)},
                    {"mean_overlap", overlap_text(row)},
                    {"recall_at_threshold", percent(row.own.recall)},
                    {"false_positives_at_threshold", fixed(row.own.false_rate, 4)}};
    lines.push_back(std::move(line));
  }
  update_summary(folder, lines, record);
}

std::vector<RocPoint> thinned(const std::vector<RocPoint>& curve) {
  constexpr double least_recall_step = 0.002;
  constexpr double least_rate_ratio = 1.05;
  std::vector<RocPoint> points;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const bool end = i == 0 || i + 1 == curve.size();
    if (!end && curve[i].recall - points.back().recall < least_recall_step &&
        curve[i].false_rate <=
            std::max(points.back().false_rate, least_drawn_rate) * least_rate_ratio) {
      continue;
    }
    points.push_back(curve[i]);
  }
  return points;
}

}  // namespace facet::detail
