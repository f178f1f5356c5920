// SPDX-License-Identifier: Apache-2.0
// Stage "answers": what a model says about packed photos, for the stages that learn from it
// (distillation): OUT/STAGE/PACK.HEAD.csv, one row a photo.
#include <algorithm>
#include <iomanip>
#include <map>
#include <sstream>

#include "base/atomic_file.hpp"
#include "base/parallel_loop.hpp"
#include "base/thread_limit.hpp"
#include "describe/describer.hpp"
#include "facet/model.hpp"
#include "heads/linear_head.hpp"
#include "localise/localiser.hpp"
#include "model/model_access.hpp"
#include "pack/packed_photos.hpp"
#include "stages/stage_context.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kTogether = 16;  // photos whose faces go through ANet together

using Answers = std::vector<std::vector<Attribute>>;  // of each photo

// Of the strongest window of each photo, by each head.
std::vector<Answers> ask(const std::shared_ptr<const Model>& model, const PackedPhotos& pack,
                         const std::vector<const PackEntry*>& entries,
                         const std::vector<const Head*>& heads, int threads) {
  std::vector<Answers> answers(heads.size(), Answers(entries.size()));
  const auto workers = static_cast<std::size_t>(std::max(1, threads));
  const std::size_t groups = (entries.size() + kTogether - 1) / kTogether;
  for_each_parallel(workers, threads, [&](std::size_t worker) {
    const ThreadLimit one(1);
    Localiser localiser(model);
    Describer describer(model, Precision::automatic);
    const auto& settings = parts_of(*model).localiser;
    for (std::size_t group = worker; group < groups; group += workers) {
      const std::size_t first = group * kTogether;
      const std::size_t count = std::min(kTogether, entries.size() - first);
      std::vector<Image> photos;
      for (std::size_t i = 0; i < count; ++i) photos.push_back(pack.read(*entries[first + i]));
      std::vector<FaceInPhoto> faces;
      for (const Image& photo : photos) {
        const auto windows = localiser.windows(photo, settings.min_face, 1, true);
        faces.push_back(
            {photo, window_to_box(windows.front(), settings, photo.width, photo.height)});
      }
      std::map<std::string, std::vector<float>> of_layer;
      for (std::size_t h = 0; h < heads.size(); ++h) {
        auto& features = of_layer[heads[h]->feature_layer];
        if (features.empty()) features = describer.features(faces, heads[h]->feature_layer);
        const std::size_t a_face = features.size() / count;
        for (std::size_t i = 0; i < count; ++i) {
          answers[h][first + i] = calibrate(
              *heads[h], head_scores(*heads[h], std::span(features).subspan(i * a_face, a_face),
                                     describer.patches_per_face()));
        }
      }
    }
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

}  // namespace

void run_answers_stage(const Stage& stage, const StageContext& context) {
  TableReader reader(*stage.table, "stage '" + stage.name + "'");
  reader.require<std::string>("name");
  reader.require<std::string>("kind");
  const auto model_stage = reader.require<std::string>("model");
  const auto tables = reader.tables("packs");
  reader.finish();
  const auto model = Model::load(context.out / model_stage / "model.safetensors");
  const auto folder = context.out / stage.name;
  std::filesystem::create_directories(folder);
  for (const auto* table : tables) {
    TableReader fields(*table, "stage '" + stage.name + "' [packs]");
    const auto pack_name = fields.require<std::string>("pack");
    const auto head_names = fields.require<std::vector<std::string>>("heads");
    const auto partition = fields.get("partition", -1);
    const auto limit = fields.get("limit", 0);
    fields.finish();
    std::vector<const Head*> heads;
    for (const auto& name : head_names) heads.push_back(&find_head(parts_of(*model), name));
    const PackedPhotos pack(context.packs, pack_name);
    const auto entries = chosen_entries(pack, partition, limit);
    const auto answers = ask(model, pack, entries, heads, context.threads);
    for (std::size_t h = 0; h < heads.size(); ++h) {
      write_answers(folder / (pack_name + "." + heads[h]->name + ".csv"), *heads[h], entries,
                    answers[h]);
    }
    context.log("answers about " + pack_name + ": " + std::to_string(entries.size()) +
                " photos, heads " + std::to_string(heads.size()));
  }
}

}  // namespace facet::detail
