// SPDX-License-Identifier: Apache-2.0
// Stages of kind find_faces: LNet's windows on packed photos, or the faces that an aligner sees
// there, for the stages that train on them.
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

// A table of the stage's list `packs`.
struct PackRequest {
  std::string pack;
  int partition = -1;
  int limit = 0;
  int most = 8;        // windows a photo
  float min_face = 0;  // photo pixels
  bool proposals_only = false;
  bool at_least_one = true;
};

PackRequest read_request(const toml::table& table, const Stage& stage, float min_face) {
  TableReader fields(table, stage.where + " [packs]");
  PackRequest request;
  request.pack = fields.require<std::string>("pack");
  request.partition = fields.get("partition", request.partition);
  request.limit = fields.get("limit", request.limit);
  request.most = fields.get("most", request.most);
  request.min_face = fields.get("min_face", min_face);
  request.proposals_only = fields.get("proposals_only", request.proposals_only);
  request.at_least_one = fields.get("at_least_one", request.at_least_one);
  fields.finish();
  return request;
}

using FoundFaces = std::vector<std::vector<FoundFace>>;  // of each photo, strongest first

FoundFaces find_faces(const std::shared_ptr<const Model>& model, const PackedPhotos& pack,
                      const std::vector<const PackEntry*>& entries, const PackRequest& request,
                      int threads) {
  FoundFaces found(entries.size());
  for_each_worker(entries.size(), threads, [&]() -> IndexedWork {
    const auto localiser = std::make_shared<Localiser>(model);
    const auto aligner = std::make_shared<Aligner>(model);
    return [&, localiser, aligner](std::size_t i) {
      const ThreadLimit one(1);
      const Image photo = pack.read(*entries[i]);
      const auto look = request.proposals_only ? &Localiser::proposals : &Localiser::windows;
      for (const Window& window :
           ((*localiser).*look)(photo, request.min_face, request.most, request.at_least_one)) {
        found[i].push_back(face_of(window, photo, *model, *aligner));
      }
    };
  });
  return found;
}

// Yields how many faces there are.
std::size_t write_faces(const std::filesystem::path& path,
                        const std::vector<const PackEntry*>& entries, const FoundFaces& found) {
  std::ostringstream csv;
  csv << "name,rank,centre_x,centre_y,side,evidence,angle\n";
  std::size_t faces = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    int rank = 0;
    for (const FoundFace& face : found[i]) {
      csv << entries[i]->name << ',' << rank++ << ',' << face.pose.centre_x << ','
          << face.pose.centre_y << ',' << face.pose.height << ',' << face.score << ','
          << face.pose.angle << '\n';
      ++faces;
    }
  }
  AtomicFile file(path);
  file.write(csv.str());
  file.commit();
  return faces;
}

}  // namespace

void run_find_faces_stage(const Stage& stage, const StageContext& context) {
  TableReader reader = stage.settings();
  const auto model_stage = reader.require<std::string>("model");
  const auto tables = reader.tables("packs");
  auto loaded = read_model(context.out / model_stage / "model.safetensors");
  add_stage_aligner(loaded, context, reader);
  reader.finish();
  std::vector<PackRequest> requests;
  std::vector<std::filesystem::path> results;
  for (const auto* table : tables) {
    requests.push_back(read_request(*table, stage, loaded.parts.localiser.min_face));
    results.push_back(new_result(context, stage, requests.back().pack + ".csv"));
  }
  const auto model =
      Model::load(model_bytes(loaded.parts, loaded.networks, stage.where), stage.where);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const PackedPhotos pack(context.packs, requests[i].pack);
    const auto entries = chosen_entries(pack, requests[i].partition, requests[i].limit);
    const auto found = find_faces(model, pack, entries, requests[i], context.threads);
    const std::size_t faces = write_faces(results[i], entries, found);
    context.log("faces found in " + requests[i].pack + ": " + std::to_string(faces) + " in " +
                std::to_string(entries.size()) + " photos");
  }
}

}  // namespace facet::detail
