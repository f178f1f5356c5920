#include "evaluate/localisation_protocol.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "evaluate/localisation_report.hpp"
#include "facet/error.hpp"
#include "facet/predictor.hpp"

namespace facet {
namespace {

namespace fs = std::filesystem;

constexpr float true_overlap = 0.5F;

struct Looked {
  std::vector<PhotoDetections> lnet;
  std::vector<PhotoDetections> constant;
  std::vector<std::string> unreadable;
};

// What both detectors say about each readable photo.
Looked look(const std::vector<EvaluationPhoto>& photos, const std::string& task,
            const Box& relative_window, const EvaluationOptions& options) {
  std::vector<PhotoDetections> lnet(photos.size());
  std::vector<PhotoDetections> constant(photos.size());
  std::vector<char> readable(photos.size(), 0);
  LocateOptions locate;
  locate.all = true;
  Looked looked;
  looked.unreadable = for_each_photo(
      photos, options.model, options.threads, options.precision, task, options.progress,
      [&](Predictor& predictor, const ListedPhoto& photo, std::size_t index) {
        const bool has_face = !photo.boxes.empty();
        lnet[index].has_face = has_face;
        for (const Face& face : predictor.locate(photo.image, locate).faces) {
          lnet[index].detections.push_back(
              judge(face.box, face.score, !face.below_threshold, photo.boxes));
        }
        constant[index].has_face = has_face;
        constant[index].detections.push_back(
            judge(window_in(photo.image, relative_window), 1, true, photo.boxes));
        readable[index] = 1;
      });
  for (std::size_t i = 0; i < photos.size(); ++i) {
    if (readable[i] == 0) continue;
    looked.lnet.push_back(std::move(lnet[i]));
    looked.constant.push_back(std::move(constant[i]));
  }
  return looked;
}

struct NamedSet {
  std::string name;
  std::function<EvaluationSet(const fs::path&, int)> make;
};

std::vector<NamedSet> all_sets() {
  const auto lfw = [](PhotoVariant variant) {
    return [variant](const fs::path& data, int limit) { return lfwa_set(data, variant, limit); };
  };
  return {{"frames-heldout", heldout_frames_set},
          {"frames-test", test_frames_set},
          {"lfw", lfw(PhotoVariant::whole)},
          {"lfw-edge", lfw(PhotoVariant::edge)},
          {"lfw-placed", lfw(PhotoVariant::placed)}};
}

std::vector<PhotoDetections> joined(std::vector<PhotoDetections> photos,
                                    const std::vector<PhotoDetections>& scenes) {
  photos.insert(photos.end(), scenes.begin(), scenes.end());
  return photos;
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
  std::vector<EvaluationPhoto> scenes = measuring_scenes(options.data, options.limit);
  // What LNet finds in scenes is the same beside every set; the constant window is not.
  std::vector<PhotoDetections> scenes_by_lnet;
  std::vector<LocalisationRow> rows;
  std::vector<std::string> left_out;
  for (const NamedSet& named : all_sets()) {
    EvaluationSet set;
    try {
      set = named.make(options.data, options.limit);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      left_out.emplace_back(error.what());
      continue;
    }
    const auto unlisted =
        std::erase_if(set.photos, [](const EvaluationPhoto& photo) { return photo.boxes.empty(); });
    if (unlisted > 0) {
      left_out.push_back(std::to_string(unlisted) + " photos of " + named.name +
                         " for which no face is listed");
    }
    const Box window = median_window(set.photos, options.threads);
    Looked faces = look(set.photos, named.name, window, options);
    if (scenes_by_lnet.empty()) {
      Looked empty = look(scenes, "scenes", window, options);
      scenes_by_lnet = std::move(empty.lnet);
      result.unreadable = std::move(empty.unreadable);
    }
    PhotoDetections windowed;  // in every scene alike
    windowed.detections.push_back(judge(window, 1, true, {}));
    const std::vector<PhotoDetections> scenes_by_constant(scenes_by_lnet.size(), windowed);

    rows.push_back(measure_detections(named.name, "LNet", joined(faces.lnet, scenes_by_lnet)));
    rows.back().unreadable = faces.unreadable.size();
    rows.push_back(measure_detections(named.name, "constant window",
                                      joined(faces.constant, scenes_by_constant)));
    rows.back().unreadable = faces.unreadable.size();
    result.unreadable.insert(result.unreadable.end(), faces.unreadable.begin(),
                             faces.unreadable.end());
  }
  if (rows.empty()) {
    throw Error(ErrorCode::not_found,
                options.data.string() + ": none of the sets for localisation is there");
  }
  const RunRecord record = record_run(*options.model, options.threads);
  result.text = localisation_text(rows, left_out, record);
  if (options.out) write_localisation(*options.out, rows, record);
  return result;
}

}  // namespace facet
