// SPDX-License-Identifier: Apache-2.0
#include "evaluate/localisation_protocol.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "evaluate/face_finders.hpp"
#include "evaluate/localisation_report.hpp"
#include "evaluate/localisation_threshold.hpp"
#include "evaluate/steadiness.hpp"
#include "evaluate/touching.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

constexpr float true_overlap = 0.5F;
constexpr const char* kSteadySet = "frames-heldout";
constexpr std::size_t kSteadyPhotos = 200;
constexpr std::array<std::string_view, 2> kTouchingSets = {kSteadySet, "lfw"};
constexpr std::size_t kTouchingFaces = 400;

struct Looked {
  std::vector<std::vector<PhotoDetections>> found;  // of each detector, of readable photos
  std::vector<std::string> unreadable;
};

// What each detector says about a photo; one a thread.
class Finders {
 public:
  Finders(const std::vector<Detector>& detectors, const Box& relative_window, Precision precision)
      : window_(relative_window), finders_(detectors.size()) {
    for (std::size_t i = 0; i < detectors.size(); ++i) {
      if (detectors[i].way != LocalisationWay::constant) {
        finders_[i].emplace(detectors[i], precision);
      }
    }
  }

  std::vector<FoundBox> find(std::size_t detector, const Image& photo) {
    if (finders_[detector]) return finders_[detector]->find(photo);
    return {{window_in(photo, window_), 1, true}};
  }

 private:
  Box window_;
  std::vector<std::optional<FaceFinder>> finders_;  // none for the constant window
};

Looked look(const std::vector<EvaluationPhoto>& photos, const std::string& task,
            const std::vector<Detector>& detectors, const Box& relative_window,
            const EvaluationOptions& options) {
  Looked looked;
  looked.found.assign(detectors.size(), std::vector<PhotoDetections>(photos.size()));
  std::vector<char> readable(photos.size(), 0);
  looked.unreadable =
      for_each_photo(photos, options.threads, task, options.progress, [&]() -> PhotoWork {
        const auto finders =
            std::make_shared<Finders>(detectors, relative_window, options.precision);
        return [&, finders](const ListedPhoto& photo, std::size_t index) {
          for (std::size_t i = 0; i < detectors.size(); ++i) {
            PhotoDetections& detections = looked.found[i][index];
            detections.has_face = !photo.boxes.empty();
            for (const FoundBox& found : finders->find(i, photo.image)) {
              detections.detections.push_back(
                  judge(found.box, found.score, found.accepted, photo.boxes));
            }
          }
          readable[index] = 1;
        };
      });
  for (std::vector<PhotoDetections>& found : looked.found) {
    std::size_t i = 0;
    std::erase_if(found, [&](const PhotoDetections&) { return readable[i++] == 0; });
  }
  return looked;
}

struct NamedSet {
  std::string name;
  std::function<EvaluationSet(const fs::path&, int)> make;
};

EvaluationSet small_faces_set(const fs::path& data, float min_face, int limit) {
  EvaluationSet set = lfwa_set(data, PhotoVariant::placed, limit);
  for (EvaluationPhoto& photo : set.photos) photo.heights = {min_face, 2.0 * min_face};
  return set;
}

std::vector<NamedSet> all_sets(std::optional<float> min_face) {
  const auto lfw = [](PhotoVariant variant) {
    return [variant](const fs::path& data, int limit) { return lfwa_set(data, variant, limit); };
  };
  std::vector<NamedSet> sets = {{"frames-heldout", heldout_frames_set},
                                {"frames-test", test_frames_set},
                                {"lfw", lfw(PhotoVariant::whole)},
                                {"lfw-edge", lfw(PhotoVariant::edge)},
                                {"lfw-placed", lfw(PhotoVariant::placed)}};
  if (min_face) {
    sets.push_back({"lfw-small", [least = *min_face](const fs::path& data, int limit) {
                      return small_faces_set(data, least, limit);
                    }});
  }
  return sets;
}

std::vector<PhotoDetections> joined(std::vector<PhotoDetections> photos,
                                    const std::vector<PhotoDetections>& scenes) {
  photos.insert(photos.end(), scenes.begin(), scenes.end());
  return photos;
}

void append(std::vector<std::string>& lines, const std::vector<std::string>& more) {
  lines.insert(lines.end(), more.begin(), more.end());
}

// The rows asked for, in their order, then the further models.
std::vector<Detector> detectors_of(const EvaluationOptions& options) {
  std::vector<Detector> detectors;
  for (const LocalisationWay way : localisation_ways(options.rows)) {
    detectors.push_back({localisation_title(way), way, options.model, {}, options.min_face});
  }
  for (const NamedModel& further : options.further_models) {
    const bool taken = std::any_of(detectors.begin(), detectors.end(), [&](const Detector& other) {
      return other.title == further.name;
    });
    if (further.name.empty() || taken) {
      throw Error(ErrorCode::invalid_argument,
                  "a further model needs a name of its own, not '" + further.name + "'");
    }
    detectors.push_back({further.name, LocalisationWay::lnet, further.model, {}, options.min_face});
  }
  return detectors;
}

// Of the ways whose scores are mean responses. Where the photos for it are missing a way goes
// without: one whose threshold is shipped keeps that, the others accept nothing.
std::string fit_thresholds(std::vector<Detector>& detectors, const EvaluationOptions& options,
                           std::vector<std::string>& unreadable,
                           std::vector<std::string>& left_out) {
  std::string text;
  for (Detector& detector : detectors) {
    const bool shipped = detector.way == LocalisationWay::edgeboxes;
    if (!shipped && !needs_threshold(detector.way)) continue;
    try {
      const ThresholdFit fit = fit_threshold(detector, options);
      if (!shipped) detector.threshold = fit.threshold;
      text += threshold_text(fit);
      append(unreadable, fit.unreadable);
      if (options.out) write_threshold(*options.out, fit);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      left_out.emplace_back(error.what());
    }
  }
  return text;
}

}  // namespace

LocalisationRow measure_detections(std::string set, std::string detector,
                                   const std::vector<PhotoDetections>& photos) {
  LocalisationRow row;
  row.set = std::move(set);
  row.detector = std::move(detector);
  row.faces = static_cast<std::size_t>(std::count_if(
      photos.begin(), photos.end(), [](const PhotoDetections& photo) { return photo.has_face; }));
  row.scenes = photos.size() - row.faces;
  row.curve = roc(photos, true_overlap, FalseRule::near_face);
  row.at_hundredth = at_false_rate(row.curve, 0.01);
  row.at_tenth = at_false_rate(row.curve, 0.1);
  row.mean_overlap = mean_true_overlap(photos, row.at_tenth.threshold, true_overlap);
  row.own = at_own_threshold(photos, true_overlap, FalseRule::near_face);
  row.strict_hundredth = at_false_rate(roc(photos, true_overlap, FalseRule::strays_too), 0.01);
  for (int i = 30; i <= 90; i += 5) {
    const float least = static_cast<float>(i) / 100;
    row.by_overlap.emplace_back(least, recall_at(photos, row.at_tenth.threshold, least));
  }
  return row;
}

EvaluationResult evaluate_localisation(const EvaluationOptions& options) {
  EvaluationResult result;
  std::vector<Detector> detectors = detectors_of(options);
  std::vector<std::string> left_out;
  const std::string thresholds = fit_thresholds(detectors, options, result.unreadable, left_out);
  const std::vector<EvaluationPhoto> scenes = empty_scenes(options.data, false, options.limit);
  // The same beside every set; the constant window is found in every scene, wherever it lies.
  std::optional<Looked> in_scenes;
  std::vector<LocalisationRow> rows;
  const RunRecord record = record_run(*options.model, options.threads, options.precision);
  std::string steadiness;
  std::vector<TouchingRow> touching;
  for (const NamedSet& named : all_sets(options.min_face)) {
    EvaluationSet set;
    try {
      set = named.make(options.data, options.limit);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      left_out.emplace_back(error.what());
      continue;
    }
    const int unlisted = keep_listed_faces(set);
    if (unlisted > 0) {
      left_out.push_back(std::to_string(unlisted) + " photos of " + named.name +
                         " for which no face is listed, or a wrong box");
    }
    const Box window = median_window(set.photos, options.threads);
    Looked faces = look(set.photos, named.name, detectors, window, options);
    if (!in_scenes) {
      in_scenes = look(scenes, "scenes", detectors, window, options);
      append(result.unreadable, in_scenes->unreadable);
    }
    for (std::size_t i = 0; i < detectors.size(); ++i) {
      rows.push_back(measure_detections(named.name, detectors[i].title,
                                        joined(faces.found[i], in_scenes->found[i])));
      rows.back().unreadable = faces.unreadable.size();
      rows.back().record = record_run(*detectors[i].model, options.threads, options.precision);
    }
    append(result.unreadable, faces.unreadable);
    if (std::find(kTouchingSets.begin(), kTouchingSets.end(), named.name) != kTouchingSets.end()) {
      touching.push_back(
          {named.name, measure_touching(set, kTouchingFaces, options, result.unreadable)});
    }
    if (named.name != kSteadySet) continue;
    const Steadiness measured = measure_steadiness(set, kSteadyPhotos, options, result.unreadable);
    steadiness = steadiness_text(named.name, measured);
    if (options.out) write_steadiness(*options.out, named.name, measured, record);
  }
  if (rows.empty()) {
    throw Error(ErrorCode::not_found,
                options.data.string() + ": none of the sets for localisation is there");
  }
  result.text =
      localisation_text(rows, left_out, record) + steadiness + touching_text(touching) + thresholds;
  if (options.out) {
    write_localisation(*options.out, rows, record);
    if (!touching.empty()) write_touching(*options.out, touching, record);
  }
  return result;
}

}  // namespace facet::detail
