// SPDX-License-Identifier: Apache-2.0
#include "evaluate/robustness_protocol.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "dataset/dataset.hpp"
#include "evaluate/photo_sets.hpp"
#include "evaluate/robustness_report.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

constexpr int kFaces = 200;

// What was decided about the face that was made hard; nothing where it was not found.
struct Seen {
  bool found = false;
  std::vector<bool> present;  // an attribute each
};

// The face that stands nearest to the one that was listed.
Seen see(Predictor& predictor, const ListedPhoto& photo, const PredictOptions& options) {
  Seen seen;
  float best = -1;
  for (const Face& face : predictor.predict(photo.image, options).faces) {
    if (!stands_for(face.box, photo.boxes.front())) continue;
    const float shared = overlap(face.box, photo.boxes.front());
    if (shared <= best) continue;
    best = shared;
    seen.found = true;
    seen.present.clear();
    for (const auto& attribute : face.attributes) seen.present.push_back(attribute.present);
  }
  return seen;
}

void compare(const Seen& before, const Seen& after, std::size_t male, RobustnessRow& row) {
  if (!before.found || !after.found) return;
  for (std::size_t i = 0; i < before.present.size(); ++i) {
    const bool differs = before.present[i] != after.present[i];
    ++row.attributes;
    row.differing += differs ? 1 : 0;
    if (i != male) continue;
    ++row.males;
    row.males_differing += differs ? 1 : 0;
  }
}

// Photos whose face LFWA's labels call darker; none where the list is not there.
std::map<std::string, bool> darker_skin(const fs::path& data) {
  std::map<std::string, bool> darker;
  try {
    const Collection collection = read_lfwa_extended(data / "lfwa");
    const auto& names = collection.attribute_names;
    const auto at = std::find(names.begin(), names.end(), "Black");
    if (at == names.end()) return darker;
    const auto index = static_cast<std::size_t>(at - names.begin());
    for (const LabelledPhoto& photo : collection.photos) {
      if (index < photo.labels.size()) darker[photo.name] = photo.labels[index] > 0;
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
  }
  return darker;
}

void measure_faces(const std::string& name, EvaluationSet set, const EvaluationOptions& options,
                   const std::map<std::string, bool>& darker, RobustnessReport& report) {
  keep_listed_faces(set);
  const int limit = options.limit > 0 ? options.limit : kFaces;
  std::vector<EvaluationPhoto> photos;
  for (const std::size_t i : spread_evenly(set.photos.size(), limit)) {
    photos.push_back(set.photos[i]);
  }
  const auto& variants = robustness_variants();
  std::vector<std::vector<Seen>> seen(photos.size());
  PredictOptions predict;
  predict.head = options.head.value_or(set.head);
  predict.threshold_mode = options.threshold_mode;
  const auto unreadable = for_each_photo(
      photos, options.model, options.threads, options.precision, "robustness " + name,
      options.progress, [&](Predictor& predictor, const ListedPhoto& photo, std::size_t index) {
        for (const RobustnessVariant& variant : variants) {
          seen[index].push_back(
              see(predictor, make_hard(photo, variant.name, photos[index].name), predict));
        }
      });
  report.unreadable.insert(report.unreadable.end(), unreadable.begin(), unreadable.end());
  const auto& names = set.attribute_names;
  const auto male =
      static_cast<std::size_t>(std::find(names.begin(), names.end(), "Male") - names.begin());
  for (std::size_t v = 0; v < variants.size(); ++v) {
    RobustnessRow row;
    row.set = name;
    row.variant = variants[v];
    for (std::size_t i = 0; i < photos.size(); ++i) {
      if (seen[i].empty()) continue;  // unreadable
      ++row.faces;
      row.found += seen[i][v].found ? 1 : 0;
      compare(seen[i].front(), seen[i][v], male, row);
      const auto skin = darker.find(photos[i].name);
      if (skin == darker.end() || !skin->second) continue;
      ++row.darker;
      row.darker_found += seen[i][v].found ? 1 : 0;
    }
    report.rows.push_back(row);
  }
}

void measure_alarms(const std::string& name, double goal,
                    const std::vector<EvaluationPhoto>& photos, const EvaluationOptions& options,
                    RobustnessReport& report) {
  std::vector<std::optional<std::size_t>> found(photos.size());
  const auto unreadable = for_each_photo(
      photos, options.model, options.threads, options.precision, "robustness " + name,
      options.progress, [&](Predictor& predictor, const ListedPhoto& photo, std::size_t index) {
        found[index] = predictor.locate(photo.image).faces.size();
      });
  report.unreadable.insert(report.unreadable.end(), unreadable.begin(), unreadable.end());
  AlarmRow row;
  row.set = name;
  row.goal = goal;
  for (const auto& faces : found) {
    if (!faces) continue;
    ++row.photos;
    row.faces += *faces;
    row.with_face += *faces > 0 ? 1 : 0;
  }
  if (row.photos > 0) report.alarms.push_back(row);
}

// What needs photos that may not be there.
void if_there(const std::function<void()>& measure, std::vector<std::string>& left_out) {
  try {
    measure();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    left_out.emplace_back(error.what());
  }
}

}  // namespace

RobustnessReport measure_robustness(RobustnessPhotos photos, const EvaluationOptions& options) {
  const bool choosing = photos == RobustnessPhotos::validation;
  RobustnessReport report;
  const fs::path& data = options.data;
  if_there(
      [&] {
        measure_faces(
            "lfw", choosing ? lfwa_training_set(data, 0) : lfwa_set(data, PhotoVariant::whole, 0),
            options, darker_skin(data), report);
      },
      report.left_out);
  if_there(
      [&] {
        measure_faces("frames",
                      choosing ? training_frames_set(data, 0) : heldout_frames_set(data, 0),
                      options, {}, report);
      },
      report.left_out);
  if_there(
      [&] {
        measure_alarms("scenes", 0.4, empty_scenes(data, choosing, options.limit), options, report);
      },
      report.left_out);
  if_there(
      [&] {
        measure_alarms("objects", 0.5, choosing_objects(data, false, options.limit), options,
                       report);
        measure_alarms("animals", 1.0, choosing_objects(data, true, options.limit), options,
                       report);
      },
      report.left_out);
  return report;
}

EvaluationResult evaluate_robustness(const std::string& name, RobustnessPhotos photos,
                                     const EvaluationOptions& options) {
  const RobustnessReport report = measure_robustness(photos, options);
  if (report.rows.empty() && report.alarms.empty()) {
    throw Error(ErrorCode::not_found,
                options.data.string() + ": none of the sets for robustness is there");
  }
  const RunRecord record = record_run(*options.model, options.threads, options.precision);
  if (options.out) write_robustness(*options.out, name, report, record);
  return {robustness_text(report, record), report.unreadable};
}

}  // namespace facet::detail
