// SPDX-License-Identifier: Apache-2.0
// Stages of kind distillation_targets: what a model says about packed photos, for the stages that
// learn from it (distillation): OUT/STAGE/PACK.HEAD.csv, one row a photo.
#include <algorithm>
#include <iomanip>
#include <sstream>

#include "base/atomic_file.hpp"
#include "base/parallel_loop.hpp"
#include "facet/model.hpp"
#include "heads/linear_head.hpp"
#include "model/model_access.hpp"
#include "pack/packed_photos.hpp"
#include "predict/strongest_face.hpp"
#include "stages/stage_context.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kTogether = 16;  // photos whose faces go through ANet together

using Answers = std::vector<std::vector<Attribute>>;  // of each photo

// Of the strongest window of each photo, by each head.
std::vector<Answers> ask(const std::shared_ptr<const Model>& model, const PackedPhotos& pack,
                         const std::vector<const PackEntry*>& entries,
                         const std::vector<const Head*>& heads, int threads) {
  std::vector<std::string> layers;  // that heads read, each once
  std::vector<std::size_t> layer_of;
  for (const Head* head : heads) {
    const auto found = std::find(layers.begin(), layers.end(), head->feature_layer);
    layer_of.push_back(static_cast<std::size_t>(found - layers.begin()));
    if (found == layers.end()) layers.push_back(head->feature_layer);
  }
  std::vector<Answers> answers(heads.size(), Answers(entries.size()));
  const std::size_t groups = (entries.size() + kTogether - 1) / kTogether;
  for_each_worker(groups, threads, [&]() -> IndexedWork {
    const auto face = std::make_shared<StrongestFace>(model, Precision::automatic);
    return [&, face](std::size_t group) {
      const std::size_t first = group * kTogether;
      const std::size_t count = std::min(kTogether, entries.size() - first);
      std::vector<Image> photos;
      for (std::size_t i = 0; i < count; ++i) photos.push_back(pack.read(*entries[first + i]));
      const auto features = face->features(photos, layers);
      for (std::size_t h = 0; h < heads.size(); ++h) {
        const std::span<const float> all = features[layer_of[h]];
        const std::size_t a_face = all.size() / count;
        for (std::size_t i = 0; i < count; ++i) {
          const auto scores =
              head_scores(*heads[h], all.subspan(i * a_face, a_face), face->patches_per_face());
          answers[h][first + i] = calibrate(*heads[h], scores);
        }
      }
    };
  });
  return answers;
}

void write_answers(const std::filesystem::path& path, const Head& head,
                   const std::vector<const PackEntry*>& entries, const Answers& answers) {
  std::ostringstream csv;
  csv << std::fixed << std::setprecision(4) << "image";
  for (const auto& attribute : head.attributes) csv << ',' << attribute;
  csv << '\n';
  for (std::size_t i = 0; i < entries.size(); ++i) {
    csv << entries[i]->name;
    for (const auto& value : answers[i]) csv << ',' << value.probability;
    csv << '\n';
  }
  AtomicFile file(path);
  file.write(csv.str());
  file.commit();
}

// A table of the stage's list `packs`.
struct PackRequest {
  std::string pack;
  std::vector<const Head*> heads;
  std::vector<std::filesystem::path> results;  // of each head
  int partition = -1;
  int limit = 0;
};

PackRequest read_request(const toml::table& table, const Model& model, const Stage& stage,
                         const StageContext& context) {
  TableReader fields(table, stage.where + " [packs]");
  PackRequest request;
  request.pack = fields.require<std::string>("pack");
  for (const auto& name : fields.require<std::vector<std::string>>("heads")) {
    request.heads.push_back(&find_head(parts_of(model), name));
    request.results.push_back(new_result(context, stage, request.pack + "." + name + ".csv"));
  }
  request.partition = fields.get("partition", request.partition);
  request.limit = fields.get("limit", request.limit);
  fields.finish();
  return request;
}

}  // namespace

void run_distillation_targets_stage(const Stage& stage, const StageContext& context) {
  TableReader reader = stage.settings();
  const auto model_stage = reader.require<std::string>("model");
  const auto tables = reader.tables("packs");
  reader.finish();
  const auto model = Model::load(context.out / model_stage / "model.safetensors");
  std::vector<PackRequest> requests;
  for (const auto* table : tables) {
    requests.push_back(read_request(*table, *model, stage, context));
  }
  for (const PackRequest& request : requests) {
    const PackedPhotos pack(context.packs, request.pack);
    const auto entries = chosen_entries(pack, request.partition, request.limit);
    const auto answers = ask(model, pack, entries, request.heads, context.threads);
    for (std::size_t h = 0; h < request.heads.size(); ++h) {
      write_answers(request.results[h], *request.heads[h], entries, answers[h]);
    }
    context.log("distillation targets of " + request.pack + ": " + std::to_string(entries.size()) +
                " photos, heads " + std::to_string(request.heads.size()));
  }
}

}  // namespace facet::detail
