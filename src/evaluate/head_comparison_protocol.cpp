// SPDX-License-Identifier: Apache-2.0
#include "evaluate/head_comparison_protocol.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "describe/describer.hpp"
#include "evaluate/photo_sets.hpp"
#include "evaluate/photo_workers.hpp"
#include "evaluate/result_table.hpp"
#include "evaluate/run_record.hpp"
#include "facet/error.hpp"
#include "facet/predictor.hpp"
#include "heads/linear_head.hpp"
#include "model/model_access.hpp"
#include "predict/strongest_face.hpp"

namespace facet::detail {
namespace {

constexpr const char* kLogitLayer = "tags";

// Where a head's attributes begin among the network's logits; -1 where it has none for them.
int first_logit(const Model& model, const std::string& head) {
  const Network& network = *parts_of(model).anet;
  const auto& last = network.spec().layers.back();
  const auto attributes = static_cast<int>(model.attribute_names(head).size());
  const int first = head == "celeba" ? 0 : attributes;
  return last.name == kLogitLayer && first + attributes <= last.channels() ? first : -1;
}

// A head is an SVM, or the mean of one and the network's own outputs.
std::string head_decider(const ModelParts& parts, const std::string& head) {
  const nlohmann::json::json_pointer place("/heads/" + head + "/tag_share");
  const auto& provenance = parts.provenance;
  if (!provenance.contains(place)) return "SVM";
  const double share = provenance.at(place).get<double>();
  return share > 0 ? "SVM and own outputs, share " + fixed(share, 1) : "SVM";
}

// The middle patch, not mirrored, of patches in the describer's order.
int middle_patch(const PatchSettings& settings) {
  const auto side = static_cast<int>(settings.offsets.size());
  return side / 2 * side + side / 2;
}

struct FaceFeatures {
  std::vector<float> features;  // patches × features, for the head
  std::vector<float> logits;    // patches × logits
};

std::vector<Attribute> by_sigmoid(const FaceFeatures& face, const Head& head, int patches,
                                  int first_patch, int used, int first) {
  const std::size_t logits = face.logits.size() / static_cast<std::size_t>(patches);
  std::vector<Attribute> values;
  for (std::size_t a = 0; a < head.attributes.size(); ++a) {
    float sum = 0;
    for (int p = first_patch; p < first_patch + used; ++p) {
      sum +=
          face.logits[static_cast<std::size_t>(p) * logits + static_cast<std::size_t>(first) + a];
    }
    const float mean = sum / static_cast<float>(used);
    Attribute value;
    value.probability = 1 / (1 + std::exp(-mean));
    value.present = mean > 0;
    values.push_back(value);
  }
  return values;
}

std::vector<Attribute> by_svm(const FaceFeatures& face, const Head& head, int patches,
                              int first_patch, int used) {
  const std::size_t size = face.features.size() / static_cast<std::size_t>(patches);
  const std::span<const float> part(
      face.features.data() + static_cast<std::size_t>(first_patch) * size,
      static_cast<std::size_t>(used) * size);
  return calibrate(head, head_scores(head, part, used));
}

// Figures of one way to decide, averaged over attributes.
template <typename Decide>
AttributeFigures measure(const EvaluationSet& set, const std::vector<FaceFeatures>& faces,
                         const Head& head, const Decide& decide) {
  std::vector<std::vector<Answer>> answers(head.attributes.size());
  for (std::size_t i = 0; i < faces.size(); ++i) {
    if (faces[i].features.empty()) continue;
    const std::vector<Attribute> values = decide(faces[i]);
    for (std::size_t a = 0; a < values.size(); ++a) {
      const auto label =
          std::find(set.attribute_names.begin(), set.attribute_names.end(), head.attributes[a]);
      if (label == set.attribute_names.end()) {
        throw Error(ErrorCode::bad_label, "the labels of " + set.name +
                                              " lack the head's attribute " + head.attributes[a]);
      }
      const auto place = static_cast<std::size_t>(label - set.attribute_names.begin());
      answers[a].push_back(
          {values[a].probability, values[a].present, set.photos[i].labels.at(place) > 0});
    }
  }
  std::vector<AttributeFigures> figures;
  for (const auto& column : answers) figures.push_back(measure_answers(column));
  return average(figures);
}

void measure_set(const EvaluationSet& set, const EvaluationOptions& options,
                 DeciderReport& report) {
  const ModelParts& parts = parts_of(*options.model);
  const Head& head = find_head(parts, set.head);
  const int first = first_logit(*options.model, set.head);
  const std::string decider = head_decider(parts, set.head);
  std::vector<std::string> layers = {head.feature_layer};
  if (first >= 0) layers.emplace_back(kLogitLayer);
  std::vector<FaceFeatures> faces(set.photos.size());
  const auto make_work = [&]() -> PhotoWork {
    const auto face = std::make_shared<StrongestFace>(options.model, options.precision);
    return [&, face](const ListedPhoto& photo, std::size_t index) {
      auto features = face->features({&photo.image, 1}, layers);
      faces[index].features = std::move(features[0]);
      if (first >= 0) faces[index].logits = std::move(features[1]);
    };
  };
  const auto unreadable =
      for_each_photo(set.photos, options.threads, set.name, options.progress, make_work);
  report.unreadable.insert(report.unreadable.end(), unreadable.begin(), unreadable.end());

  const int patches = Describer(options.model).patches_per_face();
  const int middle = middle_patch(parts.patches);
  std::vector<std::pair<int, int>> parts_used = {{0, patches}};
  if (patches > 1) parts_used.emplace_back(middle, 1);
  for (const auto& [from, used] : parts_used) {
    const auto svm = [&, from = from, used = used](const FaceFeatures& face) {
      return by_svm(face, head, patches, from, used);
    };
    report.rows.push_back({set.name, decider, used, measure(set, faces, head, svm)});
    if (first < 0) continue;
    const auto sigmoid = [&, from = from, used = used](const FaceFeatures& face) {
      return by_sigmoid(face, head, patches, from, used, first);
    };
    report.rows.push_back({set.name, "sigmoid", used, measure(set, faces, head, sigmoid)});
  }
}

}  // namespace

DeciderReport measure_head_comparison(const EvaluationOptions& options) {
  if (!parts_of(*options.model).anet) {
    throw Error(ErrorCode::bad_model, "model " + options.model->name() + " has no network anet");
  }
  DeciderReport report;
  using MakeSet = std::function<EvaluationSet()>;
  for (const MakeSet& make :
       {MakeSet([&] { return wild_set(options.data, options.limit); }),
        MakeSet([&] { return lfwa_set(options.data, PhotoVariant::whole, options.limit); })}) {
    try {
      measure_set(make(), options, report);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      report.left_out.emplace_back(error.what());
    }
  }
  if (report.rows.empty()) {
    throw Error(ErrorCode::not_found,
                options.data.string() + ": neither celeba_wild nor lfwa is there");
  }
  return report;
}

EvaluationResult evaluate_head_comparison(const EvaluationOptions& options) {
  const DeciderReport report = measure_head_comparison(options);
  const RunRecord record = record_run(*options.model, options.threads, options.precision);
  ResultTable table;
  table.columns = {"set", "decider", "patches", "photos", "accuracy", "balanced", "ece"};
  for (const DeciderRow& row : report.rows) {
    table.rows.push_back({row.set, row.decider, std::to_string(row.patches),
                          std::to_string(row.average.photos), percent(row.average.accuracy),
                          percent(row.average.balanced), fixed(row.average.calibration_error, 4)});
  }
  EvaluationResult result;
  result.unreadable = report.unreadable;
  result.text =
      "head-comparison: who decides on the features, averages of the attributes; percent\n" +
      record_text(record) + table_text(table);
  for (const std::string& line : report.left_out) result.text += "left out: " + line + '\n';
  if (options.out) {
    const auto columns = record_columns();
    const auto fields = record_fields(record);
    table.columns.insert(table.columns.end(), columns.begin(), columns.end());
    for (auto& row : table.rows) row.insert(row.end(), fields.begin(), fields.end());
    write_csv(*options.out / "head-comparison.csv", table);
  }
  return result;
}

}  // namespace facet::detail
