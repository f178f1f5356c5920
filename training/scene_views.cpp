// SPDX-License-Identifier: Apache-2.0
#include "scene_views.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "photo_paste.hpp"

namespace facet::training {

SceneViews::SceneViews(std::vector<AlignedPack> aligned, std::vector<BackgroundPack> backgrounds,
                       LnetSettings settings)
    : aligned_(std::move(aligned)), settings_(settings) {
  if (aligned_.empty() || backgrounds.empty()) {
    throw std::runtime_error("LNet needs aligned photos and scenes to train on");
  }
  for (BackgroundPack& given : backgrounds) {
    if (given.pack->photos.empty()) {
      throw std::runtime_error("pack '" + given.pack->name + "' has no photos to train on");
    }
    Background background{std::move(given.pack), {}, given.share};
    for (const auto& photo : background.pack->photos) {
      const auto found = given.alarms.find(photo.name);
      if (found == given.alarms.end()) continue;
      for (const auto& window : found->second) background.alarms.emplace_back(&photo, window);
    }
    backgrounds_.push_back(std::move(background));
  }
}

Drawn SceneViews::draw_scene(Random& random, std::uint8_t* view) const {
  const Background& background = choose(backgrounds_, random);
  const auto& photo = background.pack->photos[random.below(background.pack->photos.size())];
  const float shorter = static_cast<float>(std::min(photo.width(), photo.height()));
  const float far = settings_.hardships.far;
  const auto [least, most] =
      far > 0 && random.chance(far) ? std::pair(1.0F, 4.5F) : std::pair(0.2F, 1.3F);
  const float extent = shorter * std::exp(random.uniform(std::log(least), std::log(most)));
  ViewGeometry geometry;
  geometry.scale = extent / static_cast<float>(settings_.side);
  geometry.centre_x = random.uniform(0, static_cast<float>(photo.width()));
  geometry.centre_y = random.uniform(0, static_cast<float>(photo.height()));
  // Keep the view inside where it fits, else let grey surround the photo as zeros do in a pyramid.
  const auto keep_inside = [extent](float centre, float size) {
    return extent >= size ? size / 2 : std::clamp(centre, extent / 2, size - extent / 2);
  };
  geometry.centre_x = keep_inside(geometry.centre_x, static_cast<float>(photo.width()));
  geometry.centre_y = keep_inside(geometry.centre_y, static_cast<float>(photo.height()));
  geometry.mirrored = random.chance(0.5F);
  geometry.rotation = random.chance(0.3F) ? random.uniform(-0.3F, 0.3F) : 0.0F;
  geometry.rotation += quarter_turn(settings_.hardships, random);
  render_view(photo, geometry, settings_.side,
              random.chance(0.5F) ? Outside::grey : Outside::replicate, view);
  return {};
}

Drawn SceneViews::draw_placed(Random& random, std::uint8_t* view, float* targets) const {
  draw_scene(random, view);
  const AlignedPack& aligned = choose(aligned_, random);
  const auto& photo = aligned.pack->photos[random.below(aligned.pack->photos.size())];
  ViewGeometry geometry;
  geometry.scale =
      aligned.face_height / (settings_.face_height * random.log_uniform(settings_.size_ratio));
  geometry.rotation = turn_of_face(settings_.hardships, random, random.normal() * kTilt / 2);
  geometry.mirrored = random.chance(0.5F);
  // The face's centre lands at a random place of the view.
  const float range = settings_.place_share * static_cast<float>(settings_.side) / 2;
  const float to_x = random.uniform(-range, range);
  const float to_y = random.uniform(-range, range);
  const float cosine = std::cos(geometry.rotation) * geometry.scale;
  const float sine = std::sin(geometry.rotation) * geometry.scale;
  const float vx = geometry.mirrored ? -to_x : to_x;
  geometry.centre_x = aligned.face_x - (cosine * vx - sine * to_y);
  geometry.centre_y = aligned.face_y - (sine * vx + cosine * to_y);
  paste_photo(photo, geometry, settings_.side, random, view);
  set_tags(settings_, photo, aligned.first_target, targets);
  return {
      face_in_view(geometry, settings_.side, aligned.face_x, aligned.face_y, aligned.face_height)};
}

Drawn SceneViews::draw_placed_scene(Random& random, std::uint8_t* view) const {
  draw_scene(random, view);
  const Background& background = choose(backgrounds_, random);
  const auto& photo = background.pack->photos[random.below(background.pack->photos.size())];
  ViewGeometry geometry;
  geometry.scale =
      static_cast<float>(photo.height()) / (settings_.face_height * random.uniform(1.2F, 2.4F));
  geometry.rotation = random.normal() * kTilt / 2 + quarter_turn(settings_.hardships, random);
  const float range = 0.45F * static_cast<float>(settings_.side) * geometry.scale;
  geometry.centre_x = static_cast<float>(photo.width()) / 2 + random.uniform(-range, range);
  geometry.centre_y = static_cast<float>(photo.height()) / 2 + random.uniform(-range, range);
  paste_photo(photo, geometry, settings_.side, random, view);
  return {};
}

MaybeDrawn SceneViews::draw_alarm(Random& random, std::uint8_t* view) const {
  const auto& alarms = choose(backgrounds_, random).alarms;
  if (alarms.empty()) return std::nullopt;
  const auto& [photo, window] = alarms[random.below(alarms.size())];
  ViewGeometry geometry;
  geometry.scale = window.side / (settings_.face_height * random.log_uniform(1.2F));
  const float range = 0.35F * static_cast<float>(settings_.side) * geometry.scale;
  geometry.centre_x = window.centre_x + random.uniform(-range, range);
  geometry.centre_y = window.centre_y + random.uniform(-range, range);
  geometry.mirrored = random.chance(0.5F);
  geometry.rotation = quarter_turn(settings_.hardships, random);
  render_view(*photo, geometry, settings_.side, Outside::grey, view);
  return Drawn{};
}

}  // namespace facet::training
