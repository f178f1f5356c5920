// SPDX-License-Identifier: Apache-2.0
// Stage "packs": the collections a recipe trains on, packed.
#include <fstream>
#include <set>
#include <sstream>

#include "base/atomic_file.hpp"
#include "dataset/commands.hpp"
#include "dataset/dataset.hpp"
#include "facet/error.hpp"
#include "pack/pack_writer.hpp"
#include "stages/stage_context.hpp"

namespace facet::detail {
namespace {

// A teacher's answers travel with the pack, whose folder is all that training sees.
void copy_beside_pack(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::ifstream in(from, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) {
    throw Error(ErrorCode::io, from.string() + ": cannot be read");
  }
  AtomicFile file(to);
  file.write(text.view());
  file.commit();
}

// Before an hour of packing: a published collection does not have them.
void check_probabilities(const std::vector<const toml::table*>& packs,
                         const std::filesystem::path& data) {
  for (const auto* table : packs) {
    const auto file = (*table)["probabilities"].value<std::string>();
    if (!file) continue;
    const auto path = data / (*table)["collection"].value_or<std::string>("") / *file;
    if (std::filesystem::exists(path)) continue;
    throw Error(ErrorCode::not_found,
                path.string() +
                    ": a teacher's probabilities for each photo are not there; without "
                    "'probabilities' and 'probabilities_of' the recipe does without");
  }
}

}  // namespace

void run_packs_stage(const Stage& stage, const StageContext& context) {
  TableReader reader(*stage.table, "stage '" + stage.name + "'");
  reader.require<std::string>("name");
  reader.require<std::string>("kind");
  const auto tables = reader.tables("packs");
  reader.finish();
  check_probabilities(tables, context.data);
  for (const auto* table : tables) {
    TableReader fields(*table, "stage '" + stage.name + "' [packs]");
    PackOptions options;
    options.name = fields.require<std::string>("name");
    options.threads = context.threads;
    options.max_side = fields.get("max_side", 0);
    options.jpeg_quality = fields.get("quality", 92);
    const auto folder = fields.require<std::string>("collection");
    const auto probabilities = fields.get<std::string>("probabilities", "");
    const auto scene_part = fields.get<std::string>("scenes", "");
    PackSelection selection;
    for (const float partition : fields.get("partitions", std::vector<float>{})) {
      selection.partitions.push_back(static_cast<int>(partition));
    }
    selection.limit = fields.get("limit", 0);
    fields.finish();
    if (scene_part == "train") selection.scenes = ScenePart::train;
    if (scene_part == "threshold") selection.scenes = ScenePart::threshold;
    std::filesystem::create_directories(context.packs);
    if (!probabilities.empty()) {
      copy_beside_pack(context.data / folder / probabilities,
                       context.packs / (options.name + ".probabilities.csv"));
    }
    if (std::filesystem::exists(context.packs / (options.name + ".json"))) continue;
    options.overwrite = true;  // in the run's own folder
    const Collection collection = read_collection(context.data / folder);
    std::vector<std::string> skipped;
    const int packed = write_pack(collection, select_photos(collection, selection), context.packs,
                                  options, skipped);
    context.log("pack " + options.name + ": " + std::to_string(packed) + " photos, " +
                std::to_string(skipped.size()) + " skipped");
    for (const auto& line : skipped) context.log("  " + line);
  }
}

}  // namespace facet::detail
