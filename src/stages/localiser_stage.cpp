// SPDX-License-Identifier: Apache-2.0
// Stage "localiser": LNet_o and LNet_s become a model that locates; its four box numbers are fitted
// on LFWA's partition 0 and its threshold on held-out frames and the scenes kept for it.
#include <algorithm>
#include <numeric>

#include "base/atomic_file.hpp"
#include "base/parallel_loop.hpp"
#include "base/thread_limit.hpp"
#include "dataset/dataset.hpp"
#include "facet/error.hpp"
#include "facet/model.hpp"
#include "localise/localiser.hpp"
#include "model/model_access.hpp"
#include "stages/box_fit.hpp"
#include "stages/stage_context.hpp"
#include "stages/stage_network.hpp"
#include "teach/decision_threshold.hpp"

namespace facet::detail {
namespace {

constexpr const char* kLicence =
    "Weights: non-commercial research only, as the data they were trained on (CelebA, LFW, LFWA). "
    "Attributes are what labellers ticked, not truths about a person.";

LocaliserSettings read_settings(TableReader& reader) {
  LocaliserSettings settings;
  settings.face_height = reader.get("face_height", settings.face_height);
  settings.pyramid_factor = reader.get("pyramid_factor", settings.pyramid_factor);
  settings.stride = reader.get("stride", settings.stride);
  settings.min_face = reader.get("min_face", settings.min_face);
  settings.evidence_margin = reader.get("evidence_margin", settings.evidence_margin);
  settings.proposal_threshold = reader.get("proposal_threshold", settings.proposal_threshold);
  settings.refine_side = reader.get("refine_side", settings.refine_side);
  settings.refine_context = reader.get("refine_context", settings.refine_context);
  settings.refine_scales = reader.get("refine_scales", settings.refine_scales);
  settings.refine_weight = reader.get("refine_weight", settings.refine_weight);
  return settings;
}

// The strongest window of each photo; side 0 where there is none.
std::vector<Window> strongest_windows(const std::shared_ptr<const Model>& model,
                                      const std::vector<std::filesystem::path>& paths,
                                      int threads) {
  std::vector<Window> windows(paths.size());
  const auto workers = static_cast<std::size_t>(std::max(1, threads));
  for_each_parallel(workers, threads, [&](std::size_t worker) {
    const ThreadLimit one(1);
    Localiser localiser(model);
    for (std::size_t i = worker; i < paths.size(); i += workers) {
      const auto found =
          localiser.windows(read_image(paths[i]), parts_of(*model).localiser.min_face, 1, true);
      if (!found.empty()) windows[i] = found.front();
    }
  });
  return windows;
}

template <typename Keep>
std::vector<const LabelledPhoto*> photos_with_boxes(const Collection& collection, int limit,
                                                    const Keep& keep) {
  std::vector<const LabelledPhoto*> photos;
  for (const auto& photo : collection.photos) {
    if (photo.partition == 0 && !photo.boxes.empty() && !photo.path.empty() && keep(photo)) {
      photos.push_back(&photo);
    }
  }
  if (limit > 0 && photos.size() > static_cast<std::size_t>(limit)) {
    std::vector<const LabelledPhoto*> spread;
    for (std::size_t i = 0; i < static_cast<std::size_t>(limit); ++i) {
      spread.push_back(photos[i * photos.size() / static_cast<std::size_t>(limit)]);
    }
    return spread;
  }
  return photos;
}

std::vector<std::filesystem::path> paths_of(const std::vector<const LabelledPhoto*>& photos) {
  std::vector<std::filesystem::path> paths;
  for (const auto* photo : photos) paths.push_back(photo->path);
  return paths;
}

}  // namespace

void run_localiser_stage(const Stage& stage, const StageContext& context) {
  TableReader reader(*stage.table, "stage '" + stage.name + "'");
  reader.require<std::string>("name");
  reader.require<std::string>("kind");
  const auto first = reader.require<std::string>("lnet_o");
  const auto second = reader.get<std::string>("lnet_s", "");
  const int box_photos = reader.get("box_photos", 0);    // of LFWA; 0: no fit
  const int face_photos = reader.get("face_photos", 0);  // of the held-out frames; 0: no fit
  const auto alarm_share = static_cast<double>(reader.get("alarm_share", 0.01F));
  ModelParts parts;
  parts.localiser = read_settings(reader);
  parts.response_layer = reader.get("response_layer", parts.response_layer);
  reader.finish();
  parts.name = stage.recipe + "-" + stage.name;
  parts.version = "0";
  parts.licence = kLicence;
  parts.provenance = {{"recipe", stage.recipe},
                      {"revision", context.revision},
                      {"seed", context.seed},
                      {"stages", {{"lnet_o", first}, {"lnet_s", second}}}};
  std::map<std::string, NetworkPart> networks;
  networks["lnet_o"] = read_stage_network(context.out, first);
  if (!second.empty()) networks["lnet_s"] = read_stage_network(context.out, second);
  const auto folder = context.out / stage.name;
  std::filesystem::create_directories(folder);
  const auto path = folder / "model.safetensors";
  write_model(path, parts, networks);

  if (box_photos > 0) {
    const Collection lfwa = read_collection(context.data / "lfwa");
    const auto photos =
        photos_with_boxes(lfwa, box_photos, [](const LabelledPhoto&) { return true; });
    const auto windows = strongest_windows(Model::load(path), paths_of(photos), context.threads);
    std::vector<Box> boxes;
    for (const auto* photo : photos) boxes.push_back(photo->boxes.front());
    parts.localiser.box = fit_box(windows, boxes);
    parts.provenance["box_photos"] = photos.size();
    write_model(path, parts, networks);
    context.log("box numbers: dx " + std::to_string(parts.localiser.box[0]) + ", dy " +
                std::to_string(parts.localiser.box[1]) + ", width " +
                std::to_string(parts.localiser.box[2]) + ", height " +
                std::to_string(parts.localiser.box[3]));
  }
  if (face_photos > 0) {
    const Collection frames = read_collection(context.data / "celeba_frames");
    const auto photos = photos_with_boxes(
        frames, face_photos, [](const LabelledPhoto& photo) { return photo.identity % 10 == 0; });
    const auto model = Model::load(path);
    const auto face_windows = strongest_windows(model, paths_of(photos), context.threads);
    const auto scene_windows = strongest_windows(
        model, scenes(context.data / "scenes", ScenePart::threshold), context.threads);
    std::vector<float> faces;
    std::vector<float> scene_scores;
    int located = 0;
    for (std::size_t i = 0; i < photos.size(); ++i) {
      faces.push_back(face_windows[i].score);
      const Image photo = read_image(photos[i]->path);
      const Box box = window_to_box(face_windows[i], parts.localiser, photo.width, photo.height);
      if (overlap(box, photos[i]->boxes.front()) >= 0.5F) ++located;
    }
    for (const Window& window : scene_windows) scene_scores.push_back(window.score);
    std::string csv = "kind,score\n";
    for (const float score : faces) csv += "face," + std::to_string(score) + "\n";
    for (const float score : scene_scores) csv += "scene," + std::to_string(score) + "\n";
    AtomicFile histogram(folder / "threshold_scores.csv");
    histogram.write(csv);
    histogram.commit();
    parts.localiser.threshold = decision_threshold(faces, scene_scores, alarm_share);
    parts.provenance["threshold_photos"] = {{"faces", faces.size()},
                                            {"scenes", scene_scores.size()}};
    write_model(path, parts, networks);
    const auto above = std::count_if(faces.begin(), faces.end(), [&](float score) {
      return score >= parts.localiser.threshold;
    });
    context.log("threshold " + std::to_string(parts.localiser.threshold) + ": " +
                std::to_string(above) + " of " + std::to_string(faces.size()) +
                " face photos reach it; dominant window right (overlap 0.5) in " +
                std::to_string(located));
  }
}

}  // namespace facet::detail
