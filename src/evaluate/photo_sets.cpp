// SPDX-License-Identifier: Apache-2.0
#include "evaluate/photo_sets.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "dataset/dataset.hpp"
#include "evaluate/named_random.hpp"
#include "facet/error.hpp"
#include "facet/image.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

constexpr const char* celeba = "CelebA";
constexpr const char* lfwa = "LFWA";

void limit_photos(std::vector<EvaluationPhoto>& photos, int limit) {
  std::vector<EvaluationPhoto> kept;
  for (const std::size_t i : spread_evenly(photos.size(), limit)) {
    kept.push_back(std::move(photos[i]));
  }
  photos = std::move(kept);
}

EvaluationSet make_set(std::string name, const char* labels, const Collection& collection,
                       PhotoVariant variant,
                       const std::function<bool(const LabelledPhoto&)>& belongs) {
  EvaluationSet set;
  set.name = std::move(name);
  set.labels = labels;
  set.head = labels == celeba ? "celeba" : "lfwa";
  set.attribute_names = collection.attribute_names;
  for (const LabelledPhoto& photo : collection.photos) {
    if (!belongs(photo)) continue;
    if (variant != PhotoVariant::whole && photo.boxes.empty()) {
      ++set.without_face;
      continue;
    }
    set.photos.push_back({photo.name, photo.path, photo.labels, photo.boxes, variant, {}});
  }
  if (set.photos.empty()) {
    throw Error(ErrorCode::not_found,
                collection.root.string() + ": no photos for the evaluation " + set.name);
  }
  return set;
}

EvaluationSet make_set(std::string name, const char* labels, const fs::path& folder,
                       PhotoVariant variant,
                       const std::function<bool(const LabelledPhoto&)>& belongs) {
  return make_set(std::move(name), labels, read_collection(folder), variant, belongs);
}

void choose_scenes(std::vector<EvaluationPhoto>& photos, const fs::path& data) {
  const std::vector<fs::path> files = scenes(data / "scenes", ScenePart::measure);
  if (files.empty()) {
    throw Error(ErrorCode::not_found,
                (data / "scenes").string() + ": no scenes are left for measuring");
  }
  for (EvaluationPhoto& photo : photos) {
    photo.scene = files.at(NamedRandom("scene 1", photo.name).below(files.size()));
  }
}

}  // namespace

ListedPhoto prepare(const EvaluationPhoto& photo) {
  ListedPhoto whole{read_image(photo.path), photo.boxes};
  switch (photo.variant) {
    case PhotoVariant::edge:
      return cut_edge_window(whole, photo.name);
    case PhotoVariant::placed:
      return place_into_scene(whole, read_image(photo.scene), photo.name, photo.heights);
    case PhotoVariant::whole:
      break;
  }
  return whole;
}

EvaluationSet wild_set(const fs::path& data, int limit) {
  EvaluationSet set = make_set("wild", celeba, data / "celeba_wild", PhotoVariant::whole,
                               [](const LabelledPhoto&) { return true; });
  limit_photos(set.photos, limit);
  return set;
}

EvaluationSet heldout_frames_set(const fs::path& data, int limit) {
  EvaluationSet set =
      make_set("frames", celeba, data / "celeba_frames", PhotoVariant::whole,
               [](const LabelledPhoto& photo) {
                 return photo.partition == 0 && photo.identity >= 0 && photo.identity % 10 == 0;
               });
  limit_photos(set.photos, limit);
  return set;
}

EvaluationSet training_frames_set(const fs::path& data, int limit) {
  EvaluationSet set =
      make_set("frames-training", celeba, data / "celeba_frames", PhotoVariant::whole,
               [](const LabelledPhoto& photo) {
                 return photo.partition == 0 && photo.identity >= 0 && photo.identity % 10 == 5;
               });
  limit_photos(set.photos, limit);
  return set;
}

EvaluationSet test_frames_set(const fs::path& data, int limit) {
  EvaluationSet set = make_set("frames-test", celeba, data / "celeba_frames", PhotoVariant::whole,
                               [](const LabelledPhoto& photo) { return photo.partition == 2; });
  limit_photos(set.photos, limit);
  return set;
}

EvaluationSet lfwa_set(const fs::path& data, PhotoVariant variant, int limit) {
  const char* name = variant == PhotoVariant::edge     ? "lfwa-edge"
                     : variant == PhotoVariant::placed ? "lfwa-placed"
                                                       : "lfwa";
  EvaluationSet set = make_set(name, lfwa, data / "lfwa", variant,
                               [](const LabelledPhoto& photo) { return photo.partition == 1; });
  if (variant == PhotoVariant::placed) choose_scenes(set.photos, data);
  limit_photos(set.photos, limit);
  return set;
}

EvaluationSet lfwa_training_set(const fs::path& data, int limit) {
  EvaluationSet set = make_set("lfwa-training", lfwa, data / "lfwa", PhotoVariant::whole,
                               [](const LabelledPhoto& photo) { return photo.partition == 0; });
  limit_photos(set.photos, limit);
  return set;
}

EvaluationSet lfwa_plus_set(const fs::path& data, int limit) {
  EvaluationSet set =
      make_set("lfwa-plus", lfwa, read_lfwa_extended(data / "lfwa"), PhotoVariant::whole,
               [](const LabelledPhoto& photo) { return photo.partition == 1; });
  limit_photos(set.photos, limit);
  return set;
}

EvaluationSet validation_set(const fs::path& data, int limit) {
  EvaluationSet set = make_set(
      "validation", celeba, data / "celeba", PhotoVariant::whole, [](const LabelledPhoto& photo) {
        return photo.partition == 1 && photo.identity >= 0 && photo.identity % 2 == 1;
      });
  // Alignment puts every face here: about 60×84 pixels at (34, 52) of 128×157.
  set.constant_window = Box{34.0F / 128, 52.0F / 157, 60.0F / 128, 84.0F / 157};
  limit_photos(set.photos, limit);
  return set;
}

std::vector<EvaluationPhoto> empty_scenes(const fs::path& data, bool choosing, int limit) {
  std::vector<EvaluationPhoto> photos;
  const ScenePart part = choosing ? ScenePart::threshold : ScenePart::measure;
  for (const fs::path& file : scenes(data / "scenes", part)) {
    photos.push_back({file.filename().string(), file, {}, {}, PhotoVariant::whole, {}});
  }
  limit_photos(photos, limit);
  return photos;
}

std::vector<EvaluationPhoto> choosing_objects(const fs::path& data, bool animals, int limit) {
  // Of Caltech-101's kinds; the others are things, plants and places.
  static const std::set<std::string> kAnimals = {
      "Leopards",      "ant",         "bass",        "beaver",   "brontosaurus", "butterfly",
      "cougar_body",   "cougar_face", "crab",        "crayfish", "crocodile",    "crocodile_head",
      "dalmatian",     "dolphin",     "dragonfly",   "elephant", "emu",          "flamingo",
      "flamingo_head", "gerenuk",     "hawksbill",   "hedgehog", "ibis",         "kangaroo",
      "llama",         "lobster",     "mayfly",      "nautilus", "octopus",      "okapi",
      "panda",         "pigeon",      "platypus",    "rhino",    "rooster",      "scorpion",
      "sea_horse",     "starfish",    "stegosaurus", "tick",     "trilobite",    "wild_cat"};
  std::vector<EvaluationPhoto> photos;
  for (const fs::path& file : objects(data / "objects", ObjectPart::choose)) {
    if (kAnimals.contains(object_kind(file)) != animals) continue;
    photos.push_back({file.filename().string(), file, {}, {}, PhotoVariant::whole, {}});
  }
  limit_photos(photos, limit);
  return photos;
}

std::vector<std::size_t> spread_evenly(std::size_t count, int limit) {
  const std::size_t wanted = limit > 0 ? std::min(count, static_cast<std::size_t>(limit)) : count;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < wanted; ++i) places.push_back(i * count / wanted);
  return places;
}

}  // namespace facet::detail
