// SPDX-License-Identifier: Apache-2.0
// Stage "windows": LNet's windows on packed photos, or the faces that an aligner sees there, for
// the stages that train on them.
#include <algorithm>
#include <sstream>

#include "base/atomic_file.hpp"
#include "base/parallel_loop.hpp"
#include "base/thread_limit.hpp"
#include "describe/aligner.hpp"
#include "facet/error.hpp"
#include "facet/model.hpp"
#include "localise/localiser.hpp"
#include "model/model_access.hpp"
#include "pack/packed_photos.hpp"
#include "stages/stage_context.hpp"
#include "stages/stage_network.hpp"

namespace facet::detail {
namespace {

struct FoundFace {
  FacePose pose;
  float score = 0;
};

// LNet's window itself or, with an aligner, the face as it stands there.
FoundFace face_of(const Window& window, const Image& photo, const Model& model, Aligner& aligner) {
  if (!parts_of(model).aligner) {
    return {{window.centre_x, window.centre_y, window.side, 0}, window.score};
  }
  const Box box = window_to_box(window, parts_of(model).localiser, photo.width, photo.height);
  return {aligner.align(photo, box), window.score};
}

}  // namespace

void run_windows_stage(const Stage& stage, const StageContext& context) {
  TableReader reader(*stage.table, "stage '" + stage.name + "'");
  reader.require<std::string>("name");
  reader.require<std::string>("kind");
  const auto model_stage = reader.require<std::string>("model");
  const auto tables = reader.tables("packs");
  auto loaded = read_model(context.out / model_stage / "model.safetensors");
  add_stage_aligner(loaded, context.out, reader);
  reader.finish();
  const auto folder = context.out / stage.name;
  std::filesystem::create_directories(folder);
  const auto model_path = folder / "model.safetensors";
  write_model(model_path, loaded.parts, loaded.networks);
  const auto model = Model::load(model_path);
  for (const auto* table : tables) {
    TableReader fields(*table, "stage '" + stage.name + "' [packs]");
    const auto pack_name = fields.require<std::string>("pack");
    const auto partition = fields.get("partition", -1);
    const auto limit = fields.get("limit", 0);
    const auto most = fields.get("most", 8);
    const auto min_face = fields.get("min_face", parts_of(*model).localiser.min_face);
    const bool proposals_only = fields.get("proposals_only", false);
    const bool at_least_one = fields.get("at_least_one", true);
    fields.finish();
    const PackedPhotos pack(context.packs, pack_name);
    const auto entries = chosen_entries(pack, partition, limit);
    std::vector<std::vector<FoundFace>> found(entries.size());
    // A localiser a thread, each taking every n-th photo.
    const auto workers = static_cast<std::size_t>(std::max(1, context.threads));
    for_each_parallel(workers, context.threads, [&](std::size_t worker) {
      const ThreadLimit one(1);
      Localiser localiser(model);
      Aligner aligner(model);
      for (std::size_t i = worker; i < entries.size(); i += workers) {
        const Image photo = pack.read(*entries[i]);
        const auto windows = proposals_only
                                 ? localiser.proposals(photo, min_face, most, at_least_one)
                                 : localiser.windows(photo, min_face, most, at_least_one);
        for (const Window& window : windows) {
          found[i].push_back(face_of(window, photo, *model, aligner));
        }
      }
    });
    std::ostringstream csv;
    csv << "name,rank,centre_x,centre_y,side,evidence,angle\n";
    std::size_t windows = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      int rank = 0;
      for (const FoundFace& face : found[i]) {
        csv << entries[i]->name << ',' << rank++ << ',' << face.pose.centre_x << ','
            << face.pose.centre_y << ',' << face.pose.height << ',' << face.score << ','
            << face.pose.angle << '\n';
        ++windows;
      }
    }
    AtomicFile file(folder / (pack_name + ".csv"));
    file.write(csv.str());
    file.commit();
    context.log("windows of " + pack_name + ": " + std::to_string(windows) + " in " +
                std::to_string(entries.size()) + " photos");
  }
}

}  // namespace facet::detail
