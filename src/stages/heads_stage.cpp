// SPDX-License-Identifier: Apache-2.0
// Stages of kind heads: LNet, ANet and one SVM an attribute become the complete model.
#include <algorithm>
#include <set>

#include "facet/error.hpp"
#include "facet/model.hpp"
#include "pack/packed_photos.hpp"
#include "recipe/face_crop.hpp"
#include "stages/head_fit.hpp"
#include "stages/inserted_depths.hpp"
#include "stages/patch_features.hpp"
#include "stages/pose_box_fit.hpp"
#include "stages/stage_context.hpp"
#include "stages/stage_network.hpp"

namespace facet::detail {
namespace {

// How many patches, and where, this stage says; how the face is cropped, the stage of its ANet.
PatchSettings read_patches(TableReader& reader, const Stage& anet) {
  TableReader trained = anet.settings();
  const FaceCrop crop = read_face_crop(trained);
  PatchSettings patches;
  patches.region_scale = crop.region_scale;
  patches.centre_y = crop.centre_y;
  patches.region_side = crop.region_side;
  patches.patch_side = crop.patch_side;
  patches.mirrored = reader.get("mirrored", patches.mirrored);
  patches.offsets = reader.get("offsets", patches.offsets);
  return patches;
}

// Who chooses: CelebA's validation people of odd number, or every tenth person by name.
std::vector<bool> choosing_photos(const std::vector<const PackEntry*>& photos,
                                  const std::string& rule) {
  std::vector<bool> chooses;
  if (rule == "odd") {
    for (const auto* photo : photos) chooses.push_back(photo->identity % 2 != 0);
    return chooses;
  }
  if (rule != "tenth") {
    throw Error(ErrorCode::invalid_argument, "'choose' is '" + rule + "', not odd or tenth");
  }
  std::set<int> people;  // LFWA numbers people by name
  for (const auto* photo : photos) people.insert(photo->identity);
  std::set<int> tenth;
  int rank = 0;
  for (const int person : people) {
    if (rank++ % 10 == 0) tenth.insert(person);
  }
  for (const auto* photo : photos) chooses.push_back(tenth.count(photo->identity) > 0);
  return chooses;
}

// A table of the stage's list `heads`.
struct HeadRequest {
  std::string name;
  std::string pack;
  int partition = 0;
  std::string choose;
  int limit = 0;
  int first_tag = -1;  // of the network's own outputs, where they serve
  HeadFitSettings fit;
};

HeadRequest read_request(const toml::table& table, const Stage& stage, int threads) {
  TableReader fields(table, stage.where + " [heads]");
  HeadRequest request;
  request.name = fields.require<std::string>("name");
  request.pack = fields.require<std::string>("pack");
  request.partition = fields.require<int>("partition");
  request.choose = fields.require<std::string>("choose");
  request.limit = fields.get("limit", 0);
  request.first_tag = fields.get("first_tag", -1);
  HeadFitSettings& fit = request.fit;
  fit.costs = fields.get("costs", fit.costs);
  fit.train_patches = fields.get("train_patches", fit.train_patches);
  fit.refit_on_all = fields.get("refit_on_all", false);
  fit.tag_shares = fields.get("tag_shares", fit.tag_shares);
  fit.threads = threads;
  fields.finish();
  return request;
}

// The first ones of the partition.
std::vector<const PackEntry*> photos_of(const PackedPhotos& pack, const HeadRequest& request) {
  std::vector<const PackEntry*> photos;
  for (const auto& entry : pack.entries()) {
    if (entry.partition == request.partition) photos.push_back(&entry);
  }
  const auto limit = static_cast<std::size_t>(std::max(0, request.limit));
  if (limit > 0 && photos.size() > limit) photos.resize(limit);
  return photos;
}

void add_head(LoadedModel& model, HeadRequest request, const std::string& layer,
              const std::shared_ptr<const Model>& networks, const StageContext& context) {
  const PackedPhotos pack(context.packs, request.pack);
  const auto photos = photos_of(pack, request);
  if (request.first_tag >= 0) {
    request.fit.own =
        tag_planes(model.networks.at("anet"), layer, static_cast<std::size_t>(request.first_tag),
                   pack.attributes().size());
  }
  const auto features = patch_features(networks, pack, photos, layer, context.threads);
  HeadFit fit =
      fit_head(features, choosing_photos(photos, request.choose), pack.attributes(), request.fit);
  fit.head.name = request.name;
  fit.head.feature_layer = layer;
  model.parts.heads[request.name] = fit.head;
  model.parts.provenance["heads"][request.name] = {{"photos", photos.size()},
                                                   {"cost", fit.cost},
                                                   {"tag_share", fit.tag_share},
                                                   {"chosen_accuracy", fit.chosen_accuracy},
                                                   {"chosen_balanced", fit.chosen_balanced}};
  context.log("head " + request.name + ": cost " + std::to_string(fit.cost) + ", tag share " +
              std::to_string(fit.tag_share) + ", accuracy " + std::to_string(fit.chosen_accuracy) +
              ", balanced " + std::to_string(fit.chosen_balanced) + " on the photos that chose");
}

}  // namespace

void run_heads_stage(const Stage& stage, const StageContext& context) {
  TableReader reader = stage.settings();
  const auto localiser = reader.require<std::string>("localiser");
  const auto anet = reader.require<std::string>("anet");
  const auto depths = reader.get("depths", std::vector<std::string>{});
  const auto layer =
      reader.get<std::string>("features", depths.empty() ? "FC" : inserted_depths_name);
  const auto version = reader.get<std::string>("version", "1");
  const int box_photos = reader.get("box_photos", 0);  // of LFWA; 0: boxes are LNet's
  std::vector<HeadRequest> requests;
  for (const auto* table : reader.tables("heads")) {
    requests.push_back(read_request(*table, stage, context.threads));
  }
  LoadedModel model = read_model(context.out / localiser / "model.safetensors");
  ModelParts& parts = model.parts;
  parts.name = stage.recipe;
  parts.version = version;
  parts.patches = read_patches(reader, context.recipe->stage(anet));
  add_stage_aligner(model, context, reader);
  reader.finish();
  model.networks["anet"] = read_stage_network(context.out, anet);
  if (!depths.empty()) insert_depths(model.networks["anet"], depths);
  parts.provenance["stages"]["anet"] = anet;
  parts.provenance["revision"] = context.revision;  // not that of the localiser's run
  const auto path = new_result(context, stage, "model.safetensors");
  const auto networks = Model::load(model_bytes(parts, model.networks, stage.where), stage.where);
  if (box_photos > 0 && model.networks.contains("aligner")) {
    parts.alignment.box = fit_pose_box_on_lfwa(networks, box_photos, context);
  }
  for (const HeadRequest& request : requests) add_head(model, request, layer, networks, context);
  write_model(path, parts, model.networks);
}

}  // namespace facet::detail
