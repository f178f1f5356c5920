// SPDX-License-Identifier: Apache-2.0
#include "evaluate/said_protocol.hpp"

#include <algorithm>
#include <map>

#include "evaluate/result_table.hpp"
#include "evaluate/run_record.hpp"
#include "facet/error.hpp"
#include "facet/predictor.hpp"
#include "teach/said_labels.hpp"

namespace facet::detail {
namespace {

constexpr const char* kName = "said";

struct SaidPhoto {
  std::vector<SaidFace> faces;
  std::vector<std::vector<Attribute>> found;  // of each; empty where the model finds it not
};

std::vector<std::string> cells(const std::string& name, const AttributeFigures& figures) {
  return {name,
          std::to_string(figures.photos),
          percent(figures.positives),
          percent(figures.accuracy),
          percent(figures.balanced),
          percent(figures.majority)};
}

ResultTable table_of(const SaidReport& report) {
  ResultTable table;
  table.columns = {"attribute", "faces", "present", "accuracy", "balanced", "majority"};
  for (const SaidRow& row : report.rows) table.rows.push_back(cells(row.attribute, row.figures));
  table.rows.push_back(cells("Average", report.average));
  return table;
}

void look_for_faces(const PhotoResult& result, SaidPhoto& photo) {
  std::vector<Box> boxes;
  for (const Face& face : result.faces) boxes.push_back(face.box);
  for (std::size_t i = 0; i < photo.faces.size(); ++i) {
    const int at = face_meant(photo.faces[i], boxes, result.width, result.height);
    if (at >= 0) photo.found[i] = result.faces.at(static_cast<std::size_t>(at)).attributes;
  }
}

// What people said of one attribute, and the model's answers.
std::vector<Answer> answers_about(const std::string& attribute,
                                  const std::vector<SaidPhoto>& photos) {
  std::vector<Answer> answers;
  for (const SaidPhoto& photo : photos) {
    for (std::size_t i = 0; i < photo.faces.size(); ++i) {
      const auto said = photo.faces[i].said.find(attribute);
      if (said == photo.faces[i].said.end()) continue;
      for (const Attribute& answer : photo.found[i]) {
        if (answer.name != attribute) continue;
        answers.push_back({answer.probability, answer.present, said->second});
      }
    }
  }
  return answers;
}

}  // namespace

SaidReport measure_said(const EvaluationOptions& options) {
  if (!options.labels) {
    throw Error(ErrorCode::not_found, "said needs --labels, a file that facet export --said wrote");
  }
  std::map<std::string, std::size_t> places;
  std::vector<SaidPhoto> photos;
  std::vector<EvaluationPhoto> files;
  SaidReport report;
  for (SaidFace& face : read_said_faces(*options.labels)) {
    const auto [place, is_new] = places.emplace(face.path, photos.size());
    if (is_new) {
      photos.emplace_back();
      EvaluationPhoto file;
      file.name = face.path;
      file.path = options.data / face.path;  // an absolute one replaces all
      files.push_back(std::move(file));
    }
    photos[place->second].faces.push_back(std::move(face));
    ++report.faces;
  }
  for (SaidPhoto& photo : photos) photo.found.resize(photo.faces.size());
  PredictOptions predict;
  predict.head = options.head.value_or("celeba");
  predict.threshold_mode = options.threshold_mode;
  predict.locate.proposals = options.proposals;
  report.unreadable = for_each_photo(
      files, options.model, options.threads, options.precision, kName, options.progress,
      [&](Predictor& predictor, const ListedPhoto& photo, std::size_t index) {
        look_for_faces(predictor.predict(photo.image, predict), photos[index]);
      });
  for (const SaidPhoto& photo : photos) {
    report.faces_found += static_cast<std::size_t>(
        std::count_if(photo.found.begin(), photo.found.end(),
                      [](const std::vector<Attribute>& found) { return !found.empty(); }));
  }
  std::vector<AttributeFigures> all;
  for (const std::string& name : options.model->attribute_names(predict.head)) {
    const std::vector<Answer> answers = answers_about(name, photos);
    if (answers.empty()) continue;
    all.push_back(measure_answers(answers));
    report.rows.push_back({name, all.back()});
  }
  if (all.empty()) {
    throw Error(ErrorCode::bad_label, options.labels->string() +
                                          ": of no face that the model finds people said anything "
                                          "about an attribute of head " +
                                          predict.head);
  }
  report.average = average(all);
  return report;
}

EvaluationResult evaluate_said(const EvaluationOptions& options) {
  const SaidReport report = measure_said(options);
  const RunRecord record = record_run(*options.model, options.threads, options.precision);
  const ResultTable table = table_of(report);
  if (options.out) {
    ResultTable full = table;
    const auto columns = record_columns();
    const auto fields = record_fields(record);
    full.columns.insert(full.columns.end(), columns.begin(), columns.end());
    for (auto& row : full.rows) row.insert(row.end(), fields.begin(), fields.end());
    write_csv(*options.out / (std::string(kName) + ".csv"), full);
  }
  const std::string text =
      std::string(kName) + ": " + std::to_string(report.faces) +
      " faces about which people said something, " + std::to_string(report.faces_found) +
      " of them found, " + std::to_string(report.unreadable.size()) +
      " photos unreadable; percent\n" + record_text(record) + table_text(table);
  return {text, report.unreadable};
}

}  // namespace facet::detail
