// SPDX-License-Identifier: Apache-2.0
#include "stages/restored_stages.hpp"

#include <algorithm>
#include <map>

#include "base/new_folder.hpp"
#include "facet/error.hpp"
#include "model/model_parts.hpp"
#include "stages/inserted_depths.hpp"

namespace facet::detail {
namespace {

std::string setting(const Stage& stage, const char* key) {
  return (*stage.table)[key].value_or<std::string>("");
}

// Whether the ANet of that stage got a layer more when a model was made of it.
bool heads_insert_depths(const Recipe& recipe, const std::string& anet) {
  return std::any_of(recipe.stages().begin(), recipe.stages().end(), [&](const Stage& stage) {
    return stage.kind == StageKind::heads && setting(stage, "anet") == anet &&
           stage.table->contains("depths");
  });
}

void write_network(const std::filesystem::path& path, const NetworkPart& network,
                   const Stage& stage, const ModelParts& parts) {
  write_safetensors(path, network.weights,
                    {{"spec", to_json(network.spec).dump()},
                     {"recipe", stage.recipe},
                     {"stage", stage.name},
                     {"restored_from", parts.name + " " + parts.version}},
                    StoredType::f16);
}

// What a localiser stage leaves: LNet alone.
void write_localiser(const std::filesystem::path& path, const std::filesystem::path& model_path) {
  LoadedModel model = read_model(model_path);
  for (const char* part : {"anet", "aligner"}) model.networks.erase(part);
  model.parts.heads.clear();
  model.parts.face_check.reset();
  write_model(path, model.parts, model.networks);
}

}  // namespace

std::vector<std::string> restore_stages(const Recipe& recipe, const std::filesystem::path& path,
                                        const std::filesystem::path& out) {
  const LoadedModel model = read_model(path);
  const nlohmann::json& provenance = model.parts.provenance;
  const std::string origin = provenance.value("recipe", "");
  if (std::none_of(recipe.stages().begin(), recipe.stages().end(),
                   [&origin](const Stage& stage) { return stage.recipe == origin; })) {
    throw Error(ErrorCode::invalid_argument, path.string() + ": comes from recipe '" + origin +
                                                 "', not from '" + recipe.name() +
                                                 "' or one that it goes on from");
  }
  const auto stages =
      provenance.value("stages", std::map<std::string, std::string>{});  // part → stage
  const auto made = [&stages](const char* part) {
    const auto found = stages.find(part);
    return found == stages.end() ? std::string() : found->second;
  };
  std::vector<std::string> restored;
  for (const Stage& stage : recipe.stages()) {
    const auto folder = out / stage.name;
    const bool whole = stage.kind == StageKind::heads && setting(stage, "anet") == made("anet");
    const bool localiser = stage.kind == StageKind::localiser &&
                           setting(stage, "lnet_o") == made("lnet_o") &&
                           setting(stage, "lnet_s") == made("lnet_s");
    const NetworkPart* network = nullptr;
    for (const auto& [part, name] : stages) {
      if (name == stage.name && model.networks.count(part) > 0) network = &model.networks.at(part);
    }
    if (!whole && !localiser && network == nullptr) continue;
    const auto result = folder / (network != nullptr ? "network.safetensors" : "model.safetensors");
    if (std::filesystem::exists(result)) continue;
    create_folder(folder);
    restored.push_back(stage.name);
    if (network != nullptr) {
      NetworkPart trained = *network;
      if (heads_insert_depths(recipe, stage.name)) remove_inserted_depths(trained);
      write_network(result, trained, stage, model.parts);
    } else if (localiser) {
      write_localiser(result, path);
    } else {
      write_model(result, model.parts, model.networks);
    }
  }
  return restored;
}

}  // namespace facet::detail
