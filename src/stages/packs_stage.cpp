// SPDX-License-Identifier: Apache-2.0
// Stages of kind packs: the collections a recipe trains on, packed.
#include <fstream>
#include <sstream>

#include "base/atomic_file.hpp"
#include "base/new_folder.hpp"
#include "dataset/commands.hpp"
#include "dataset/dataset.hpp"
#include "facet/error.hpp"
#include "pack/pack_writer.hpp"
#include "recipe/settings_record.hpp"
#include "stages/stage_context.hpp"

namespace facet::detail {
namespace {

// A table of the stage's list `packs`.
struct PackRequest {
  std::string collection;  // its folder below the data
  std::string probabilities;
  PackOptions options;
  PackSelection selection;
};

ScenePart scene_part(const std::string& name, const std::string& where) {
  if (name == "train") return ScenePart::train;
  if (name == "threshold") return ScenePart::threshold;
  throw Error(ErrorCode::invalid_argument,
              where + ": 'scenes' is '" + name + "', not train or threshold");
}

ObjectPart object_part(const std::string& name, const std::string& where) {
  if (name == "train") return ObjectPart::train;
  if (name == "choose") return ObjectPart::choose;
  throw Error(ErrorCode::invalid_argument,
              where + ": 'objects' is '" + name + "', not train or choose");
}

PackRequest read_request(const toml::table& table, const Stage& stage, int threads) {
  TableReader fields(table, stage.where + " [packs]");
  PackRequest request;
  request.options.name = fields.require<std::string>("name");
  request.options.threads = threads;
  request.options.overwrite = true;  // in the run's own folder
  request.options.max_side = fields.get("max_side", 0);
  request.options.jpeg_quality = fields.get("quality", 92);
  request.options.made_from = to_json(table);
  request.options.made_from.erase("probabilities");  // copied anew every time
  request.collection = fields.require<std::string>("collection");
  request.probabilities = fields.get<std::string>("probabilities", "");
  request.selection.partitions = fields.get("partitions", request.selection.partitions);
  request.selection.limit = fields.get("limit", 0);
  if (const auto scenes = fields.get<std::string>("scenes", ""); !scenes.empty()) {
    request.selection.scenes = scene_part(scenes, fields.where());
  }
  if (const auto objects = fields.get<std::string>("objects", ""); !objects.empty()) {
    request.selection.objects = object_part(objects, fields.where());
  }
  fields.finish();
  return request;
}

// A teacher's answers travel with the pack, whose folder is all that training sees.
void copy_probabilities(const PackRequest& request, const StageContext& context) {
  if (request.probabilities.empty()) return;
  const auto from = context.data / request.collection / request.probabilities;
  // A published collection does not have them.
  if (!std::filesystem::exists(from)) {
    throw Error(ErrorCode::not_found,
                from.string() +
                    ": a teacher's probabilities for each photo are not there; without "
                    "'probabilities' and 'probabilities_of' the recipe does without");
  }
  std::ifstream in(from, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) {
    throw Error(ErrorCode::io, from.string() + ": cannot be read");
  }
  AtomicFile file(context.packs / (request.options.name + ".probabilities.csv"));
  file.write(text.view());
  file.commit();
}

// Whether the pack is there. Throws where one of its name was made from something else.
bool is_packed(const PackRequest& request, const std::filesystem::path& packs) {
  const auto path = packs / (request.options.name + ".json");
  std::ifstream in(path);
  if (!in) return false;
  const auto description = nlohmann::json::parse(in, nullptr, false);
  const std::string hint = "; remove " + path.string() + " to pack it anew";
  if (!description.is_object() || !description.contains("made_from")) {
    throw Error(ErrorCode::invalid_argument,
                path.string() +
                    ": does not say what the pack was made from, as packs of earlier "
                    "versions" +
                    hint);
  }
  const std::string difference =
      first_difference(description.at("made_from"), request.options.made_from);
  if (!difference.empty()) {
    throw Error(ErrorCode::invalid_argument,
                path.string() + ": the pack was made with another " + difference + hint);
  }
  return true;
}

void make_pack(const PackRequest& request, const StageContext& context) {
  const Collection collection = read_collection(context.data / request.collection);
  std::vector<std::string> skipped;
  const int packed = write_pack(collection, select_photos(collection, request.selection),
                                context.packs, request.options, skipped);
  context.log("pack " + request.options.name + ": " + std::to_string(packed) + " photos, " +
              std::to_string(skipped.size()) + " skipped");
  for (const auto& line : skipped) context.log("  " + line);
}

}  // namespace

void run_packs_stage(const Stage& stage, const StageContext& context) {
  TableReader reader = stage.settings();
  const auto tables = reader.tables("packs");
  reader.finish();
  // All that can be wrong is said before an hour of packing.
  std::vector<PackRequest> missing;
  create_folder(context.packs);
  for (const auto* table : tables) {
    PackRequest request = read_request(*table, stage, context.threads);
    const bool packed = is_packed(request, context.packs);
    copy_probabilities(request, context);
    if (!packed) missing.push_back(std::move(request));
  }
  for (const PackRequest& request : missing) make_pack(request, context);
}

}  // namespace facet::detail
