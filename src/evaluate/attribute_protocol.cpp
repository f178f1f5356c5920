// SPDX-License-Identifier: Apache-2.0
#include "evaluate/attribute_protocol.hpp"

#include <algorithm>

#include "evaluate/chart.hpp"
#include "evaluate/paper_figures.hpp"
#include "evaluate/result_table.hpp"
#include "evaluate/run_record.hpp"
#include "evaluate/summary.hpp"
#include "facet/error.hpp"
#include "facet/predictor.hpp"

namespace facet::detail {
namespace {

// For each attribute of the head its place among the set's labels.
std::vector<std::size_t> label_places(const std::vector<std::string>& head,
                                      const EvaluationSet& set) {
  std::vector<std::size_t> places;
  for (const std::string& name : head) {
    const auto place = std::find(set.attribute_names.begin(), set.attribute_names.end(), name);
    if (place == set.attribute_names.end()) {
      throw Error(ErrorCode::bad_label,
                  "the labels of " + set.name + " lack the head's attribute " + name);
    }
    places.push_back(static_cast<std::size_t>(place - set.attribute_names.begin()));
  }
  return places;
}

struct PhotoAnswers {
  std::vector<Attribute> found;  // empty: unreadable
  std::vector<Attribute> constant;
};

std::vector<Answer> column_of(const std::vector<PhotoAnswers>& answers,
                              std::vector<Attribute> PhotoAnswers::*window,
                              const EvaluationSet& set, std::size_t attribute, std::size_t label) {
  std::vector<Answer> column;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::vector<Attribute>& values = answers[i].*window;
    if (values.empty()) continue;
    const Attribute& value = values.at(attribute);
    column.push_back({value.probability, value.present, set.photos[i].labels.at(label) > 0});
  }
  return column;
}

std::vector<std::string> cells(const AttributeRow& row, std::optional<int> paper) {
  return {row.attribute,
          percent(row.found.accuracy),
          percent(row.found.balanced),
          percent(row.found.majority),
          percent(row.constant.accuracy),
          percent(row.constant.balanced),
          paper ? std::to_string(*paper) : std::string(),
          fixed(row.found.calibration_error, 4),
          fixed(row.found.calibration_error_by_chance, 4)};
}

ResultTable table_of(const AttributeReport& report) {
  ResultTable table;
  table.columns = {"attribute",         "accuracy", "balanced", "majority",     "constant",
                   "constant_balanced", "paper",    "ece",      "ece_by_chance"};
  for (const AttributeRow& row : report.rows) {
    table.rows.push_back(cells(row, paper_accuracy(report.labels, row.attribute)));
  }
  table.rows.push_back(cells(report.average, paper_average(report.labels)));
  return table;
}

// How often labellers ticked what was given a probability. The error in the title is the mean over
// attributes, each with bins of its own.
Chart reliability_chart(const AttributeReport& report) {
  Chart chart;
  chart.title = report.name + ": calibration error " +
                fixed(report.average.found.calibration_error, 3) + " (mean over attributes; " +
                fixed(report.average.found.calibration_error_by_chance, 3) + " by chance)";
  chart.x.title = "predicted probability";
  chart.y.title = "share of positive labels";
  ChartCurve curve{"all attributes", {}};
  for (const ReliabilityBin& bin : report.reliability) {
    if (bin.answers > 0) curve.points.emplace_back(bin.probability, bin.positives);
  }
  chart.curves = {std::move(curve), {"perfect", {{0, 0}, {1, 1}}}};
  return chart;
}

}  // namespace

AttributeReport measure_attributes(const EvaluationSet& set, const EvaluationOptions& options) {
  const std::string head = options.head.value_or(set.head);
  const std::vector<std::string>& names = options.model->attribute_names(head);
  const std::vector<std::size_t> places = label_places(names, set);
  AttributeReport report;
  report.name = head == set.head ? set.name : set.name + "-head-" + head;
  report.threshold_mode = options.threshold_mode;
  if (report.threshold_mode != ThresholdMode::accuracy) {
    report.name += std::string("-") + threshold_mode_name(report.threshold_mode);
  }
  if (options.proposals == Proposals::edgeboxes) report.name += "-edgeboxes";
  report.labels = set.labels;
  report.without_face = set.without_face;
  report.constant_window =
      set.constant_window ? *set.constant_window : median_window(set.photos, options.threads);

  PredictOptions predict;
  predict.head = head;
  predict.threshold_mode = options.threshold_mode;
  predict.locate.dominant = true;
  predict.locate.proposals = options.proposals;
  std::vector<PhotoAnswers> answers(set.photos.size());
  report.unreadable = for_each_photo(
      set.photos, options.model, options.threads, options.precision, report.name, options.progress,
      [&](Predictor& predictor, const ListedPhoto& photo, std::size_t index) {
        const PhotoResult result = predictor.predict(photo.image, predict);
        const Box window = window_in(photo.image, report.constant_window);
        answers[index].found = result.faces.at(0).attributes;
        answers[index].constant =
            predictor.describe(photo.image, {&window, 1}, head, options.threshold_mode)
                .at(0)
                .attributes;
      });

  std::vector<AttributeFigures> found;
  std::vector<AttributeFigures> constant;
  std::vector<Answer> all;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto column = column_of(answers, &PhotoAnswers::found, set, i, places[i]);
    all.insert(all.end(), column.begin(), column.end());
    found.push_back(measure_answers(column));
    constant.push_back(
        measure_answers(column_of(answers, &PhotoAnswers::constant, set, i, places[i])));
    report.rows.push_back({names[i], found.back(), constant.back()});
  }
  report.reliability = reliability(all);
  report.average = {"Average", average(found), average(constant)};
  report.photos = report.average.found.photos;
  return report;
}

EvaluationResult report_attributes(const AttributeReport& report,
                                   const EvaluationOptions& options) {
  const RunRecord record = record_run(*options.model, options.threads, options.precision);
  const ResultTable table = table_of(report);
  EvaluationResult result;
  result.unreadable = report.unreadable;
  result.text = report.name + ": " + std::to_string(report.photos) + " photos, " +
                std::to_string(report.unreadable.size()) + " unreadable";
  if (report.without_face > 0) {
    result.text += ", " + std::to_string(report.without_face) + " left out without a listed face";
  }
  result.text += "; percent, ece 0-1 (by chance: of perfect probabilities on so few photos)";
  if (report.threshold_mode == ThresholdMode::balanced) {
    result.text += "; thresholds for balanced accuracy";
  }
  result.text += '\n' + record_text(record);
  const Box& window = report.constant_window;
  result.text += "constant window (privileged: it knows where the faces of this set lie): x " +
                 fixed(window.x, 3) + " y " + fixed(window.y, 3) + " width " +
                 fixed(window.width, 3) + " height " + fixed(window.height, 3) + " of the photo\n";
  result.text += table_text(table);

  if (options.out) {
    ResultTable full = table;
    const auto columns = record_columns();
    const auto fields = record_fields(record);
    full.columns.emplace_back("photos");
    full.columns.insert(full.columns.end(), columns.begin(), columns.end());
    for (auto& row : full.rows) {
      row.push_back(std::to_string(report.photos));
      row.insert(row.end(), fields.begin(), fields.end());
    }
    write_csv(*options.out / (report.name + ".csv"), full);
    write_chart(*options.out / (report.name + "-reliability.svg"), reliability_chart(report));

    SummaryRow row;
    row.protocol = report.name;
    row.photos = report.photos;
    row.unreadable = report.unreadable.size();
    const auto& average_cells = table.rows.back();
    for (std::size_t i = 1; i < average_cells.size(); ++i) {
      row.figures[table.columns[i]] = average_cells[i];
    }
    update_summary(*options.out, {&row, 1}, record);
  }
  return result;
}

}  // namespace facet::detail
