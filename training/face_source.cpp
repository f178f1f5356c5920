// SPDX-License-Identifier: Apache-2.0
#include "face_source.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "augment/appearance.hpp"
#include "augment/occlusion.hpp"
#include "face_targets.hpp"
#include "facet/error.hpp"
#include "view.hpp"

namespace facet::training {
namespace {

void erase_rectangle(int side, Random& random, std::uint8_t* view) {
  const int width = static_cast<int>(random.uniform(0.12F, 0.4F) * static_cast<float>(side));
  const int height = static_cast<int>(random.uniform(0.12F, 0.4F) * static_cast<float>(side));
  const int left = static_cast<int>(random.below(static_cast<std::uint64_t>(side - width)));
  const int top = static_cast<int>(random.below(static_cast<std::uint64_t>(side - height)));
  for (int y = top; y < top + height; ++y) {
    for (int x = (y * side + left) * 3; x < (y * side + left + width) * 3; ++x) {
      view[x] = static_cast<std::uint8_t>(random.below(256));
    }
  }
}

// Labels stay: what cannot be seen any more is as likely as ever, and the network shall say so.
void make_hard(const FoundWindow& window, const ViewGeometry& geometry,
               const FaceSettings& settings, Random& random, std::uint8_t* view) {
  const int side = settings.crop.patch_side;
  const auto happens = [&random](float chance) { return chance > 0 && random.chance(chance); };
  if (happens(settings.hidden)) {
    FaceInView face;
    face.height = window.side * settings.box[3] / geometry.scale;
    face.x = static_cast<float>(side) / 2;
    face.y = static_cast<float>(side) / 2 - settings.crop.centre_y * face.height;
    hide_part(view, side, face, random);
  }
  if (happens(settings.rendering)) change_rendering(view, side, random);
  if (happens(settings.light)) change_light(view, side, random);
}

std::vector<FacePack> require_labels(std::vector<FacePack> packs, int tags) {
  for (const auto& faces : packs) {
    const auto attributes = static_cast<int>(faces.pack->attributes.size());
    if (attributes == 0) {
      throw Error(ErrorCode::invalid_argument, "pack '" + faces.pack->name + "' has no attributes");
    }
    if (faces.first_target < 0 || faces.first_target + attributes > tags) {
      throw Error(ErrorCode::invalid_argument,
                  "pack '" + faces.pack->name + "': " + std::to_string(attributes) +
                      " attributes from " + std::to_string(faces.first_target) + " on do not fit " +
                      std::to_string(tags) + " tags");
    }
    if (faces.repeat < 1) {
      throw Error(ErrorCode::invalid_argument,
                  "pack '" + faces.pack->name + "': 'repeat' is less than 1");
    }
  }
  return packs;
}

void teach(const TaughtTargets& taught, const std::string& photo, float* row) {
  const auto found = taught.probabilities.find(photo);
  if (found == taught.probabilities.end()) return;
  float* target = row + taught.first_target;
  for (const float probability : found->second) {
    *target = *target < 0 ? probability : *target + taught.share * (probability - *target);
    ++target;
  }
}

}  // namespace

const FoundWindow* window_of(const FacePack& faces, const PackedPhoto& photo) {
  const auto found = faces.windows.find(photo.name);
  if (found != faces.windows.end()) return &found->second.front();
  return faces.constant.side > 0 ? &faces.constant : nullptr;
}

ViewGeometry patch_view(const FoundWindow& window, const FaceSettings& settings, Random& random) {
  const FaceCrop& crop = settings.crop;
  const float side = window.side * random.log_uniform(settings.size_ratio);
  const float box_height = side * settings.box[3];
  const float offset_x = settings.box[0] * side;
  const float offset_y = settings.box[1] * side + crop.centre_y * box_height;
  const float cosine = std::cos(window.angle);
  const float sine = std::sin(window.angle);
  const float centre_x = window.centre_x + cosine * offset_x - sine * offset_y +
                         random.normal() * settings.jitter * side;
  const float centre_y = window.centre_y + sine * offset_x + cosine * offset_y +
                         random.normal() * settings.jitter * side;
  ViewGeometry geometry;
  geometry.scale = crop.region_scale * box_height / static_cast<float>(crop.region_side);
  const float range =
      settings.shift * geometry.scale * static_cast<float>(crop.region_side - crop.patch_side) / 2;
  geometry.centre_x = centre_x + random.uniform(-range, range);
  geometry.centre_y = centre_y + random.uniform(-range, range);
  geometry.rotation = window.angle + random.uniform(-settings.rotation, settings.rotation);
  geometry.mirrored = random.chance(0.5F);
  return geometry;
}

void draw_patch(const PackedPhoto& photo, const FoundWindow& window, const FaceSettings& settings,
                Random& random, std::uint8_t* view) {
  const int side = settings.crop.patch_side;
  const ViewGeometry geometry = patch_view(window, settings, random);
  render_view(photo, geometry, side, Outside::replicate, view);
  make_hard(window, geometry, settings, random, view);
  relight(view, static_cast<std::size_t>(side) * static_cast<std::size_t>(side),
          Light{0.12F, 0.2F, 0.05F, 0.03F}, random);
  if (random.chance(settings.erase)) erase_rectangle(side, random, view);
}

FaceTagSource::FaceTagSource(std::vector<FacePack> packs, std::uint64_t seed, FaceSettings settings,
                             int tags)
    : packs_(require_labels(std::move(packs), tags)),
      seed_(seed),
      settings_(settings),
      tags_(tags),
      order_(seed, 1) {
  for (std::size_t p = 0; p < packs_.size(); ++p) {
    const Pack& pack = *packs_[p].pack;
    targets_.push_back(face_targets(pack, settings_.person_share));
    for (std::size_t row = 0; row < pack.photos.size(); ++row) {
      const FoundWindow* window = window_of(packs_[p], pack.photos[row]);
      if (window == nullptr) continue;
      entries_.insert(entries_.end(), static_cast<std::size_t>(packs_[p].repeat),
                      {&pack.photos[row], *window, p, row});
    }
  }
  if (entries_.empty())
    throw Error(ErrorCode::invalid_argument, "no photo with a face window to train on");
  order_ = EpochOrder(seed, entries_.size());
}

std::int64_t FaceTagSource::epoch_size() const {
  return static_cast<std::int64_t>(entries_.size());
}

Batch FaceTagSource::draw(std::int64_t step, int size) const {
  const int side = settings_.crop.patch_side;
  Batch batch{torch::empty({size, side, side, 3}, torch::kUInt8),
              torch::full({size, tags_}, -1.0F, torch::kFloat32)};
  const std::int64_t bytes = static_cast<std::int64_t>(side) * side * 3;
  for (int i = 0; i < size; ++i) {
    const std::int64_t position = step * size + i;
    const Entry& entry = entries_[order_.at(position)];
    Random random(seed_, static_cast<std::uint64_t>(position), 3);
    draw_patch(*entry.photo, entry.window, settings_, random,
               batch.photos.data_ptr<std::uint8_t>() + i * bytes);
    const FacePack& faces = packs_[entry.pack];
    const auto attributes = faces.pack->attributes.size();
    const float* targets = targets_[entry.pack].data() + entry.row * attributes;
    float* row = batch.targets.data_ptr<float>() + static_cast<std::int64_t>(i) * tags_;
    std::copy_n(targets, attributes, row + faces.first_target);
    for (const TaughtTargets& taught : faces.taught) teach(taught, entry.photo->name, row);
  }
  return batch;
}

IdentitySource::IdentitySource(FacePack faces, std::uint64_t seed, FaceSettings settings,
                               int min_photos)
    : faces_(std::move(faces)), seed_(seed), settings_(settings), order_(seed, 1) {
  std::map<int, std::vector<const PackedPhoto*>> by_identity;
  for (const auto& photo : faces_.pack->photos) {
    if (photo.identity >= 0 && window_of(faces_, photo) != nullptr) {
      by_identity[photo.identity].push_back(&photo);
    }
  }
  for (auto& [identity, photos] : by_identity) {
    if (static_cast<int>(photos.size()) < std::max(2, min_photos)) continue;
    photos_ += static_cast<std::int64_t>(photos.size());
    people_.push_back(std::move(photos));
  }
  if (people_.empty())
    throw Error(ErrorCode::invalid_argument, "no person with enough photos to train on");
  order_ = EpochOrder(seed, people_.size());
}

Batch IdentitySource::draw(std::int64_t step, int size) const {
  const int side = settings_.crop.patch_side;
  Batch batch{torch::empty({size, side, side, 3}, torch::kUInt8),
              torch::empty({size}, torch::kInt64)};
  const std::int64_t bytes = static_cast<std::int64_t>(side) * side * 3;
  for (int i = 0; i < size; ++i) {
    const std::int64_t pair = (step * size + i) / 2;
    const std::size_t person = order_.at(pair);
    const auto& photos = people_[person];
    Random choice(seed_, static_cast<std::uint64_t>(pair), 4);
    const std::uint64_t first = choice.below(photos.size());
    const std::uint64_t second = (first + 1 + choice.below(photos.size() - 1)) % photos.size();
    const PackedPhoto& photo = *photos[i % 2 == 0 ? first : second];
    Random random(seed_, static_cast<std::uint64_t>(step * size + i), 5);
    draw_patch(photo, *window_of(faces_, photo), settings_, random,
               batch.photos.data_ptr<std::uint8_t>() + i * bytes);
    batch.targets.data_ptr<std::int64_t>()[i] = static_cast<std::int64_t>(person);
  }
  return batch;
}

}  // namespace facet::training
