// SPDX-License-Identifier: Apache-2.0
// Stages of kind localiser: LNet_o and LNet_s become a model that locates; its four box numbers are
// fitted on LFWA's partition 0 and its threshold on held-out frames and the scenes kept for it.
#include <algorithm>

#include "base/atomic_file.hpp"
#include "base/number_text.hpp"
#include "base/parallel_loop.hpp"
#include "base/thread_limit.hpp"
#include "dataset/dataset.hpp"
#include "facet/error.hpp"
#include "facet/model.hpp"
#include "localise/localiser.hpp"
#include "model/model_access.hpp"
#include "stages/box_fit.hpp"
#include "stages/listed_photos.hpp"
#include "stages/stage_context.hpp"
#include "stages/stage_network.hpp"
#include "teach/decision_threshold.hpp"

namespace facet::detail {
namespace {

constexpr const char* kLicence =
    "Weights: non-commercial research only, as the data they were trained on (CelebA, LFW, LFWA). "
    "Attributes are what labellers ticked, not truths about a person.";

// How high the faces are that LNet_o looks for, the stage says that trained it.
LocaliserSettings read_settings(TableReader& reader, const Stage& lnet_o) {
  LocaliserSettings settings;
  TableReader trained = lnet_o.settings();
  settings.face_height = trained.get("face_height", settings.face_height);
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

// A model that is not written yet, as its file would be read.
std::shared_ptr<const Model> in_memory(const LoadedModel& model, const Stage& stage) {
  return Model::load(model_bytes(model.parts, model.networks, stage.where), stage.where);
}

// The strongest window of each photo; side 0 where there is none.
std::vector<Window> strongest_windows(const std::shared_ptr<const Model>& model,
                                      const std::vector<std::filesystem::path>& paths,
                                      int threads) {
  std::vector<Window> windows(paths.size());
  for_each_worker(paths.size(), threads, [&]() -> IndexedWork {
    const auto localiser = std::make_shared<Localiser>(model);
    return [&, localiser](std::size_t i) {
      const ThreadLimit one(1);
      const auto found =
          localiser->windows(read_image(paths[i]), parts_of(*model).localiser.min_face, 1, true);
      if (!found.empty()) windows[i] = found.front();
    };
  });
  return windows;
}

std::vector<std::filesystem::path> paths_of(const std::vector<const LabelledPhoto*>& photos) {
  std::vector<std::filesystem::path> paths;
  for (const auto* photo : photos) paths.push_back(photo->path);
  return paths;
}

// The four numbers from LNet's windows to boxes, on LFWA's partition 0.
void fit_box_numbers(LoadedModel& model, int most_photos, const Stage& stage,
                     const StageContext& context) {
  const Collection lfwa = read_collection(context.data / "lfwa");
  const auto photos =
      photos_with_boxes(lfwa, most_photos, [](const LabelledPhoto&) { return true; });
  const auto windows =
      strongest_windows(in_memory(model, stage), paths_of(photos), context.threads);
  std::vector<Box> boxes;
  for (const auto* photo : photos) boxes.push_back(photo->boxes.front());
  const auto& box = model.parts.localiser.box = fit_box(windows, boxes);
  model.parts.provenance["box_photos"] = photos.size();
  context.log("box numbers: dx " + std::to_string(box[0]) + ", dy " + std::to_string(box[1]) +
              ", width " + std::to_string(box[2]) + ", height " + std::to_string(box[3]));
}

void write_scores(const std::filesystem::path& path, const std::vector<float>& faces,
                  const std::vector<float>& scenes) {
  std::string csv = "kind,score\n";
  for (const float score : faces) csv += "face," + shortest_text(score) + "\n";
  for (const float score : scenes) csv += "scene," + shortest_text(score) + "\n";
  AtomicFile file(path);
  file.write(csv);
  file.commit();
}

std::vector<float> scores_of(const std::vector<Window>& windows) {
  std::vector<float> scores;
  for (const Window& window : windows) scores.push_back(window.score);
  return scores;
}

// The score from which a window is a face, on frames of held-out people and on scenes.
void fit_threshold(LoadedModel& model, int most_photos, double alarm_share, const Stage& stage,
                   const StageContext& context) {
  const Collection frames = read_collection(context.data / "celeba_frames");
  const auto photos = photos_with_boxes(
      frames, most_photos, [](const LabelledPhoto& photo) { return photo.identity % 10 == 0; });
  const auto located = in_memory(model, stage);
  const auto face_windows = strongest_windows(located, paths_of(photos), context.threads);
  const auto faces = scores_of(face_windows);
  const auto empty = scores_of(strongest_windows(
      located, scenes(context.data / "scenes", ScenePart::threshold), context.threads));
  LocaliserSettings& settings = model.parts.localiser;
  int right = 0;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    const Image photo = read_image(photos[i]->path);
    const Box box = window_to_box(face_windows[i], settings, photo.width, photo.height);
    if (overlap(box, photos[i]->boxes.front()) >= 0.5F) ++right;
  }
  write_scores(context.out / stage.name / "threshold_scores.csv", faces, empty);
  settings.threshold = decision_threshold(faces, empty, alarm_share);
  model.parts.provenance["threshold_photos"] = {{"faces", faces.size()}, {"scenes", empty.size()}};
  const auto above = std::count_if(
      faces.begin(), faces.end(), [&settings](float score) { return score >= settings.threshold; });
  context.log("threshold " + std::to_string(settings.threshold) + ": " + std::to_string(above) +
              " of " + std::to_string(faces.size()) +
              " face photos reach it; dominant window right (overlap 0.5) in " +
              std::to_string(right));
}

}  // namespace

void run_localiser_stage(const Stage& stage, const StageContext& context) {
  TableReader reader = stage.settings();
  const auto first = reader.require<std::string>("lnet_o");
  const auto second = reader.get<std::string>("lnet_s", "");
  const int box_photos = reader.get("box_photos", 0);    // of LFWA; 0: no fit
  const int face_photos = reader.get("face_photos", 0);  // of the held-out frames; 0: no fit
  const auto alarm_share = static_cast<double>(reader.get("alarm_share", 0.01F));
  LoadedModel model;
  ModelParts& parts = model.parts;
  parts.localiser = read_settings(reader, context.recipe->stage(first));
  parts.response_layer = reader.get("response_layer", parts.response_layer);
  reader.finish();
  parts.name = stage.recipe + "-" + stage.name;
  parts.version = "0";
  parts.licence = kLicence;
  parts.provenance = {{"recipe", stage.recipe},
                      {"revision", context.revision},
                      {"seed", context.seed},
                      {"stages", {{"lnet_o", first}, {"lnet_s", second}}}};
  model.networks["lnet_o"] = read_stage_network(context.out, first);
  if (!second.empty()) model.networks["lnet_s"] = read_stage_network(context.out, second);
  const auto path = new_result(context, stage, "model.safetensors");
  if (box_photos > 0) fit_box_numbers(model, box_photos, stage, context);
  if (face_photos > 0) fit_threshold(model, face_photos, alarm_share, stage, context);
  write_model(path, parts, model.networks);
}

}  // namespace facet::detail
