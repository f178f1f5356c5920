// SPDX-License-Identifier: Apache-2.0
// Stages of kind face_check: what LNet finds in photos of people, made hard, and what it finds
// where nobody is, teach a head to tell them apart; the model gets it as its face check.
#include <algorithm>
#include <cmath>

#include "augment/appearance.hpp"
#include "augment/occlusion.hpp"
#include "augment/random.hpp"
#include "base/parallel_loop.hpp"
#include "base/thread_limit.hpp"
#include "describe/aligner.hpp"
#include "describe/describer.hpp"
#include "facet/error.hpp"
#include "facet/model.hpp"
#include "heads/linear_head.hpp"
#include "image/levels.hpp"
#include "image/turn.hpp"
#include "image/turned_square.hpp"
#include "localise/localiser.hpp"
#include "localise/smallest_face.hpp"
#include "model/model_access.hpp"
#include "pack/packed_photos.hpp"
#include "stages/face_check_fit.hpp"
#include "stages/stage_context.hpp"

namespace facet::detail {
namespace {

constexpr int kEmptiesALook = 2;    // strongest candidates of a look at a photo without people
constexpr int kMostCandidates = 8;  // among which the face of a view is looked for

// A table of the stage's list `packs`.
struct PackRequest {
  std::string pack;
  int partition = -1;
  int limit = 0;
  bool people = false;
  int held_out_modulus = 0;  // people with such numbers are left out
};

PackRequest read_request(const toml::table& table, const Stage& stage) {
  TableReader fields(table, stage.where + " [packs]");
  PackRequest request;
  request.pack = fields.require<std::string>("pack");
  request.partition = fields.get("partition", request.partition);
  request.limit = fields.get("limit", request.limit);
  request.people = fields.get("people", request.people);
  request.held_out_modulus = fields.get("held_out_modulus", request.held_out_modulus);
  fields.finish();
  return request;
}

// Who looks at photos; one a thread.
struct Looker {
  explicit Looker(const std::shared_ptr<const Model>& model)
      : localiser(model), aligner(model), describer(model) {}
  Localiser localiser;
  Aligner aligner;
  Describer describer;
};

// What a search sees: a photo whose levels are far off is stretched.
std::vector<ScoredBox> candidates(Looker& looker, const ModelParts& parts, Image& photo, int most) {
  const Levels levels = measure_levels(photo);
  if (levels_are_off(levels)) photo = stretch_levels(photo, levels);
  return looker.localiser.boxes(photo, smallest_face(parts.localiser, photo.width, photo.height),
                                most, true, Proposals::evidence);
}

// A view of the photo that holds the face, off its middle, tilted and made hard.
struct HardView {
  Image image;
  FaceInView face;
};

HardView hard_view(const Image& photo, const FacePose& pose, Random& random) {
  const float heights = random.uniform(2.0F, 5.0F);  // of the view's side
  const float free = std::max(0.0F, heights / 2 - 0.8F) * pose.height;
  TurnedSquare square{pose.centre_x + free * random.uniform(-1, 1),
                      pose.centre_y + free * random.uniform(-1, 1), heights * pose.height,
                      pose.angle + random.uniform(-0.6F, 0.6F)};
  const float face_pixels = random.uniform(45, 120);
  const int pixels = std::clamp(static_cast<int>(heights * face_pixels), 96, 400);
  HardView view{cut_square(photo, square, pixels), {}};
  const float scale = static_cast<float>(pixels) / square.side;
  const float dx = pose.centre_x - square.centre_x;
  const float dy = pose.centre_y - square.centre_y;
  const float cosine = std::cos(square.angle);
  const float sine = std::sin(square.angle);
  const auto middle = static_cast<float>(pixels) / 2;
  view.face = {middle + (cosine * dx + sine * dy) * scale,
               middle + (-sine * dx + cosine * dy) * scale, pose.height * scale,
               pose.angle - square.angle};
  std::uint8_t* bytes = view.image.pixels.data();
  if (random.chance(0.3F)) change_light(bytes, pixels, random);
  if (random.chance(0.3F)) hide_part(bytes, pixels, view.face, random);
  if (random.chance(0.2F)) cut_close(bytes, pixels, view.face, random);
  if (random.chance(0.15F)) change_rendering(bytes, pixels, random);
  return view;
}

bool stands_for(const Box& box, const FaceInView& face) {
  constexpr float farthest = 0.4F;  // heights
  const float away = std::hypot(box.centre_x() - face.x, box.centre_y() - face.y);
  const float ratio = box.height / face.height;
  return away <= farthest * face.height && ratio >= 0.5F && ratio <= 2;
}

class Gathering {
 public:
  Gathering(std::shared_ptr<const Model> model, std::string layer, const StageContext& context)
      : model_(std::move(model)),
        layer_(std::move(layer)),
        context_(context),
        size_(static_cast<std::size_t>(Describer(model_).feature_size(layer_))) {}

  // `at_least_one`: a photo of people shows a face even where LNet is not sure of it.
  void add(const PackedPhotos& pack, const PackRequest& request, int views, bool at_least_one) {
    auto entries = chosen_entries(pack, request.partition, request.limit);
    std::erase_if(entries, [&request](const PackEntry* photo) {
      return request.held_out_modulus > 0 && photo->identity % request.held_out_modulus == 0;
    });
    std::vector<std::vector<float>> features(entries.size());
    for_each_worker(entries.size(), context_.threads, [&]() -> IndexedWork {
      const auto looker = std::make_shared<Looker>(model_);
      return [&, looker](std::size_t i) {
        const ThreadLimit one(1);
        Image photo = pack.read(*entries[i]);
        features[i] = request.people ? faces_of(*looker, photo, views, at_least_one, i)
                                     : empties_of(*looker, std::move(photo));
      };
    });
    std::size_t rows = 0;
    for (const auto& of_photo : features) {
      rows += examples_.add(of_photo, size_, request.people, photos_++);
    }
    context_.log("face check: " + std::to_string(rows) +
                 (request.people ? " faces" : " places without a face") + " in " +
                 std::to_string(entries.size()) + " photos of " + request.pack);
  }

  [[nodiscard]] const FaceCheckExamples& examples() const { return examples_; }

 private:
  std::vector<float> describe(Looker& looker, const Image& photo, const ScoredBox& found) {
    const FaceInPhoto place{photo, found.box};
    const std::vector<float> patches = looker.describer.features({&place, 1}, layer_);
    return mean_over_patches(patches, looker.describer.patches_per_face());
  }

  // Of hard views of the strongest face.
  std::vector<float> faces_of(Looker& looker, const Image& photo, int views, bool at_least_one,
                              std::size_t index) {
    Random random(context_.seed, 0xFACE, index);
    std::vector<float> features;
    const ModelParts& parts = parts_of(*model_);
    const auto strongest =
        looker.localiser.boxes(photo, smallest_face(parts.localiser, photo.width, photo.height), 1,
                               at_least_one, Proposals::evidence);
    const float least = at_least_one ? 0 : looker.localiser.default_threshold(Proposals::evidence);
    if (strongest.empty() || strongest.front().score < least) return features;
    const FacePose pose = looker.aligner.align(photo, strongest.front().box);
    for (int k = 0; k < views; ++k) {
      HardView view = hard_view(photo, pose, random);
      for (const ScoredBox& found : candidates(looker, parts, view.image, kMostCandidates)) {
        if (!stands_for(found.box, view.face)) continue;
        const auto values = describe(looker, view.image, found);
        features.insert(features.end(), values.begin(), values.end());
        break;
      }
    }
    return features;
  }

  // Of what looks like faces most, in the photo as it is and turned.
  std::vector<float> empties_of(Looker& looker, Image photo) {
    std::vector<float> features;
    for (const int degrees : {0, 90, 180, 270}) {
      Image turned = degrees == 0 ? photo : turn_clockwise(photo, degrees);
      for (const ScoredBox& found : candidates(looker, parts_of(*model_), turned, kEmptiesALook)) {
        const auto values = describe(looker, turned, found);
        features.insert(features.end(), values.begin(), values.end());
      }
    }
    return features;
  }

  std::shared_ptr<const Model> model_;
  std::string layer_;
  const StageContext& context_;
  std::size_t size_;  // of a feature vector
  FaceCheckExamples examples_;
  int photos_ = 0;
};

}  // namespace

void run_face_check_stage(const Stage& stage, const StageContext& context) {
  TableReader reader = stage.settings();
  const auto model_stage = reader.require<std::string>("model");
  const auto version = reader.get<std::string>("version", "");
  const auto layer = reader.get<std::string>("features", "FC");
  const int views = reader.get("views", 3);  // of a face
  const bool at_least_one = reader.get("at_least_one", false);
  const auto cost = static_cast<double>(reader.get("cost", 1.0F));
  std::vector<PackRequest> requests;
  for (const auto* table : reader.tables("packs")) requests.push_back(read_request(*table, stage));
  reader.finish();
  LoadedModel model = read_model(context.out / model_stage / "model.safetensors");
  if (!model.networks.contains("anet")) {
    throw Error(ErrorCode::invalid_argument,
                stage.where + ": the model of stage '" + model_stage + "' has no ANet");
  }
  const auto path = new_result(context, stage, "model.safetensors");
  model.parts.face_check.reset();  // what it finds by itself
  const auto networks =
      Model::load(model_bytes(model.parts, model.networks, stage.where), stage.where);
  Gathering gathering(networks, layer, context);
  for (const PackRequest& request : requests) {
    gathering.add(PackedPhotos(context.packs, request.pack), request, views, at_least_one);
  }
  const FaceCheckFit fit = fit_face_check(gathering.examples(), cost);
  model.parts.face_check = fit.head;
  model.parts.face_check->feature_layer = layer;
  if (!version.empty()) model.parts.version = version;
  model.parts.provenance["revision"] = context.revision;
  model.parts.provenance["face_check"] = {{"faces", fit.faces},
                                          {"faces_doubted", fit.faces_doubted},
                                          {"empty", fit.empty},
                                          {"empty_trusted", fit.empty_trusted}};
  context.log("face check: of photos that it did not learn from it doubts " +
              std::to_string(fit.faces_doubted) + " of " + std::to_string(fit.faces) +
              " faces and trusts " + std::to_string(fit.empty_trusted) + " of " +
              std::to_string(fit.empty) + " places without one");
  write_model(path, model.parts, model.networks);
}

}  // namespace facet::detail
