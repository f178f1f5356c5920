// SPDX-License-Identifier: Apache-2.0
// Stage "heads": LNet, ANet and one SVM an attribute become the complete model.
#include <algorithm>
#include <set>

#include "facet/error.hpp"
#include "facet/model.hpp"
#include "pack/packed_photos.hpp"
#include "stages/head_fit.hpp"
#include "stages/patch_features.hpp"
#include "stages/stage_context.hpp"
#include "stages/stage_network.hpp"

namespace facet::detail {
namespace {

PatchSettings read_patches(TableReader& reader) {
  PatchSettings patches;
  patches.region_scale = reader.get("region_scale", patches.region_scale);
  patches.centre_y = reader.get("centre_y", patches.centre_y);
  patches.region_side = reader.get("region_side", patches.region_side);
  patches.patch_side = reader.get("patch_side", patches.patch_side);
  patches.mirrored = reader.get("mirrored", patches.mirrored);
  const auto offsets = reader.get("offsets", std::vector<float>{});
  if (!offsets.empty()) {
    patches.offsets.clear();
    for (const float offset : offsets) patches.offsets.push_back(static_cast<int>(offset));
  }
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

}  // namespace

void run_heads_stage(const Stage& stage, const StageContext& context) {
  TableReader reader(*stage.table, "stage '" + stage.name + "'");
  reader.require<std::string>("name");
  reader.require<std::string>("kind");
  const auto localiser = reader.require<std::string>("localiser");
  const auto anet = reader.require<std::string>("anet");
  const auto layer = reader.get<std::string>("features", "FC");
  const auto version = reader.get<std::string>("version", "1");
  const auto tables = reader.tables("heads");

  auto loaded = read_model(context.out / localiser / "model.safetensors");
  ModelParts& parts = loaded.parts;
  parts.name = stage.recipe;
  parts.version = version;
  parts.patches = read_patches(reader);
  add_stage_aligner(loaded, context.out, reader);
  reader.finish();
  loaded.networks["anet"] = read_stage_network(context.out, anet);
  parts.provenance["stages"]["anet"] = anet;
  parts.provenance["revision"] = context.revision;  // not that of the localiser's run
  const auto folder = context.out / stage.name;
  std::filesystem::create_directories(folder);
  const auto path = folder / "model.safetensors";
  write_model(path, parts, loaded.networks);
  const auto model = Model::load(path);

  for (const auto* table : tables) {
    TableReader fields(*table, "stage '" + stage.name + "' [heads]");
    const auto name = fields.require<std::string>("name");
    const auto pack_name = fields.require<std::string>("pack");
    const auto partition = fields.require<int>("partition");
    const auto choose = fields.require<std::string>("choose");
    const int limit = fields.get("limit", 0);
    HeadFitSettings settings;
    settings.costs = fields.get("costs", settings.costs);
    settings.train_patches = fields.get("train_patches", settings.train_patches);
    settings.refit_on_all = fields.get("refit_on_all", false);
    settings.tag_shares = fields.get("tag_shares", settings.tag_shares);
    const int first_tag = fields.get("first_tag", -1);
    settings.threads = context.threads;
    fields.finish();
    const PackedPhotos pack(context.packs, pack_name);
    std::vector<const PackEntry*> photos;
    for (const auto& entry : pack.entries()) {
      if (entry.partition == partition) photos.push_back(&entry);
    }
    if (limit > 0 && photos.size() > static_cast<std::size_t>(limit)) {
      photos.resize(static_cast<std::size_t>(limit));
    }
    if (first_tag >= 0) {
      settings.own = tag_planes(loaded.networks.at("anet"), layer,
                                static_cast<std::size_t>(first_tag), pack.attributes().size());
    }
    const auto features = patch_features(model, pack, photos, layer, context.threads);
    HeadFit fit = fit_head(features, choosing_photos(photos, choose), pack.attributes(), settings);
    fit.head.name = name;
    fit.head.feature_layer = layer;
    parts.heads[name] = fit.head;
    parts.provenance["heads"][name] = {{"photos", photos.size()},
                                       {"cost", fit.cost},
                                       {"tag_share", fit.tag_share},
                                       {"chosen_accuracy", fit.chosen_accuracy},
                                       {"chosen_balanced", fit.chosen_balanced}};
    context.log("head " + name + ": cost " + std::to_string(fit.cost) + ", tag share " +
                std::to_string(fit.tag_share) + ", accuracy " +
                std::to_string(fit.chosen_accuracy) + ", balanced " +
                std::to_string(fit.chosen_balanced) + " on the photos that chose");
  }
  write_model(path, parts, loaded.networks);
}

}  // namespace facet::detail
