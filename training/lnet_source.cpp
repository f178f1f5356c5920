// SPDX-License-Identifier: Apache-2.0
#include "lnet_source.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "appearance.hpp"

namespace facet::training {
namespace {

// Turns of placed faces: people tilt their heads.
constexpr float kTilt = 0.22F;
// A window this many times smaller or larger than every strong one shows no face of LNet's size.
constexpr float kOtherScale = 2.3F;
constexpr float kOffSizeRange = 0.55F;  // beyond the ratio that is clearly wrong, in logarithms

template <typename Choices>
const auto& choose(const Choices& choices, Random& random) {
  float total = 0;
  for (const auto& choice : choices) total += choice.share;
  float left = random.uniform() * total;
  for (const auto& choice : choices) {
    left -= choice.share;
    if (left < 0) return choice;
  }
  return choices.back();
}

// Where a face of the photo stands in a view of it.
FaceInView face_in_view(const ViewGeometry& geometry, int side, float x, float y, float height) {
  const float dx = (x - geometry.centre_x) / geometry.scale;
  const float dy = (y - geometry.centre_y) / geometry.scale;
  const float cosine = std::cos(geometry.rotation);
  const float sine = std::sin(geometry.rotation);
  const float flip = geometry.mirrored ? -1.0F : 1.0F;
  const float half = static_cast<float>(side) / 2;
  return {half + flip * (cosine * dx + sine * dy), half - sine * dx + cosine * dy,
          height / geometry.scale, -flip * geometry.rotation};
}

}  // namespace

LnetSource::LnetSource(std::vector<AlignedPack> aligned, std::vector<FramePack> frames,
                       std::vector<BackgroundPack> backgrounds, std::uint64_t seed,
                       LnetSettings settings)
    : aligned_(std::move(aligned)), frames_(std::move(frames)), seed_(seed), settings_(settings) {
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

void LnetSource::set_tags(const PackedPhoto& photo, int first, float* targets) const {
  std::fill(targets, targets + settings_.targets, -1.0F);
  const auto count =
      std::min<std::size_t>(photo.labels.size(), static_cast<std::size_t>(settings_.tags_used));
  for (std::size_t k = 0; k < count; ++k) targets[first + static_cast<int>(k)] = photo.labels[k];
}

// Faces are upright but for a little, or, at times, turned by anything.
float LnetSource::quarter_turn(Random& random) const {
  if (!random.chance(settings_.hardships.quarter_turns)) return 0;
  constexpr float kQuarter = 1.5707963F;
  return kQuarter * static_cast<float>(1 + random.below(3));
}

float LnetSource::turn_of_face(Random& random, float usual) const {
  const Hardships& hardships = settings_.hardships;
  if (hardships.tilted > 0 && random.chance(hardships.tilted)) {
    return random.uniform(-hardships.tilt, hardships.tilt);
  }
  return usual;
}

LnetSource::Drawn LnetSource::draw_scene(Random& random, std::uint8_t* view) const {
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
  geometry.rotation += quarter_turn(random);
  render_view(photo, geometry, settings_.side,
              random.chance(0.5F) ? Outside::grey : Outside::replicate, view);
  return {};
}

void LnetSource::paste(const PackedPhoto& photo, const ViewGeometry& geometry, Random& random,
                       std::uint8_t* view) const {
  const int side = settings_.side;
  const auto count = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
  std::vector<std::uint8_t> layer(count * 3);
  const float width = static_cast<float>(photo.width());
  const float height = static_cast<float>(photo.height());
  // How much of the photo is kept on each side varies, so that no fixed border gives faces away.
  const float left = random.uniform(0, 0.2F) * width;
  const float right = random.uniform(0.8F, 1.0F) * width;
  const float top = random.uniform(0, 0.22F) * height;
  const float bottom = random.uniform(0.86F, 1.0F) * height;
  const float feather = random.uniform(0.5F, 7.0F);
  const bool oval = random.chance(0.35F);
  const float reach = std::hypot(right - left, bottom - top) / geometry.scale + 2;
  const float half = static_cast<float>(side) / 2;
  const float cosine = std::cos(geometry.rotation) * geometry.scale;
  const float sine = std::sin(geometry.rotation) * geometry.scale;
  const float flip = geometry.mirrored ? -1.0F : 1.0F;
  // Where the photo's centre lands in the view.
  const float dx = width / 2 - geometry.centre_x;
  const float dy = height / 2 - geometry.centre_y;
  const float norm = geometry.scale * geometry.scale;
  const float view_x = half + flip * (cosine * dx + sine * dy) / norm;
  const float view_y = half + (-sine * dx + cosine * dy) / norm;
  const auto bound = [side](float v) { return std::clamp(static_cast<int>(v), 0, side); };
  const Region region{bound(view_x - reach / 2), bound(view_y - reach / 2),
                      bound(view_x + reach / 2 + 1), bound(view_y + reach / 2 + 1)};
  render_view(photo, geometry, side, Outside::replicate, region, layer.data());
  relight(layer.data(), count, Light{0.22F, 0.25F, 0.08F, 0.07F}, random);
  for (int y = region.top; y < region.bottom; ++y) {
    for (int x = region.left; x < region.right; ++x) {
      const float vx = flip * (static_cast<float>(x) + 0.5F - half);
      const float vy = static_cast<float>(y) + 0.5F - half;
      const float px = geometry.centre_x + cosine * vx - sine * vy;
      const float py = geometry.centre_y + sine * vx + cosine * vy;
      float inside;  // distance to the border of the kept part, in view pixels
      if (oval) {
        const float u = (px - (left + right) / 2) / ((right - left) / 2);
        const float v = (py - (top + bottom) / 2) / ((bottom - top) / 2);
        inside = (1 - std::hypot(u, v)) * (right - left) / 2 / geometry.scale;
      } else {
        inside = std::min({px - left, right - px, py - top, bottom - py}) / geometry.scale;
      }
      const float alpha = std::clamp(inside / feather + 0.5F, 0.0F, 1.0F);
      if (alpha <= 0) continue;
      const auto at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(side) +
                       static_cast<std::size_t>(x)) *
                      3;
      for (std::size_t c = 0; c < 3; ++c) {
        const float mixed = alpha * static_cast<float>(layer[at + c]) +
                            (1 - alpha) * static_cast<float>(view[at + c]);
        view[at + c] = static_cast<std::uint8_t>(mixed + 0.5F);
      }
    }
  }
}

LnetSource::Drawn LnetSource::draw_placed(Random& random, std::uint8_t* view,
                                          float* targets) const {
  draw_scene(random, view);
  const AlignedPack& aligned = choose(aligned_, random);
  const auto& photo = aligned.pack->photos[random.below(aligned.pack->photos.size())];
  ViewGeometry geometry;
  geometry.scale =
      aligned.face_height / (settings_.face_height * random.log_uniform(settings_.size_ratio));
  geometry.rotation = turn_of_face(random, random.normal() * kTilt / 2);
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
  paste(photo, geometry, random, view);
  set_tags(photo, aligned.first_target, targets);
  return {
      face_in_view(geometry, settings_.side, aligned.face_x, aligned.face_y, aligned.face_height)};
}

LnetSource::Drawn LnetSource::draw_placed_scene(Random& random, std::uint8_t* view) const {
  draw_scene(random, view);
  const Background& background = choose(backgrounds_, random);
  const auto& photo = background.pack->photos[random.below(background.pack->photos.size())];
  ViewGeometry geometry;
  geometry.scale =
      static_cast<float>(photo.height()) / (settings_.face_height * random.uniform(1.2F, 2.4F));
  geometry.rotation = random.normal() * kTilt / 2 + quarter_turn(random);
  const float range = 0.45F * static_cast<float>(settings_.side) * geometry.scale;
  geometry.centre_x = static_cast<float>(photo.width()) / 2 + random.uniform(-range, range);
  geometry.centre_y = static_cast<float>(photo.height()) / 2 + random.uniform(-range, range);
  paste(photo, geometry, random, view);
  return {};
}

std::optional<LnetSource::Frame> LnetSource::pick_frame(Random& random) const {
  if (frames_.empty()) return std::nullopt;
  const FramePack& frames = choose(frames_, random);
  const auto& photo = frames.pack->photos[random.below(frames.pack->photos.size())];
  const auto found = frames.windows.find(photo.name);
  if (found == frames.windows.end()) return std::nullopt;
  return Frame{&photo, &found->second, frames.first_target};
}

bool LnetSource::shows_strong_window(const Frame& frame, const ViewGeometry& geometry,
                                     float size_ratio) const {
  const float face = settings_.face_height * geometry.scale;
  const float half = geometry.scale * static_cast<float>(settings_.side) / 2;
  const float strong = frame.windows->front().evidence * settings_.strong_share;
  return std::any_of(frame.windows->begin(), frame.windows->end(), [&](const FoundWindow& window) {
    const float reach = half + 0.35F * window.side;
    return window.evidence >= strong &&
           std::max(window.side / face, face / window.side) <= size_ratio &&
           std::abs(window.centre_x - geometry.centre_x) <= reach &&
           std::abs(window.centre_y - geometry.centre_y) <= reach;
  });
}

LnetSource::MaybeDrawn LnetSource::draw_window(Random& random, std::uint8_t* view,
                                               float* targets) const {
  const auto frame = pick_frame(random);
  if (!frame) return std::nullopt;
  const FoundWindow& window = frame->windows->front();
  ViewGeometry geometry;
  geometry.scale =
      window.side / (settings_.face_height * random.log_uniform(settings_.window_ratio));
  geometry.rotation = turn_of_face(random, random.chance(0.5F) ? random.normal() * 0.1F : 0.0F);
  geometry.mirrored = random.chance(0.5F);
  const float extent = geometry.scale * static_cast<float>(settings_.side);
  const float range = settings_.window_share * extent / 2;
  const auto place = [&](float centre, float size) {
    const float wanted = centre + random.uniform(-range, range);
    // Mostly inside the photo; the window itself stays in view.
    if (extent < size && random.chance(0.8F)) {
      return std::clamp(wanted, std::min(extent / 2, centre + range),
                        std::max(size - extent / 2, centre - range));
    }
    return wanted;
  };
  geometry.centre_x = place(window.centre_x, static_cast<float>(frame->photo->width()));
  geometry.centre_y = place(window.centre_y, static_cast<float>(frame->photo->height()));
  render_view(*frame->photo, geometry, settings_.side, Outside::grey, view);
  set_tags(*frame->photo, frame->first_target, targets);
  return Drawn{
      face_in_view(geometry, settings_.side, window.centre_x, window.centre_y, window.side)};
}

LnetSource::MaybeDrawn LnetSource::draw_away(Random& random, std::uint8_t* view) const {
  const auto frame = pick_frame(random);
  if (!frame) return std::nullopt;
  const float longer = static_cast<float>(std::max(frame->photo->width(), frame->photo->height()));
  for (int attempt = 0; attempt < 12; ++attempt) {
    const float face = std::exp(random.uniform(std::log(14.0F), std::log(0.8F * longer)));
    ViewGeometry geometry;
    geometry.scale = face / settings_.face_height;
    geometry.centre_x = random.uniform(0, static_cast<float>(frame->photo->width()));
    geometry.centre_y = random.uniform(0, static_cast<float>(frame->photo->height()));
    geometry.mirrored = random.chance(0.5F);
    if (shows_strong_window(*frame, geometry, kOtherScale)) continue;
    render_view(*frame->photo, geometry, settings_.side, Outside::grey, view);
    return Drawn{};
  }
  return std::nullopt;
}

LnetSource::MaybeDrawn LnetSource::draw_off_size(Random& random, std::uint8_t* view) const {
  const auto frame = pick_frame(random);
  if (!frame) return std::nullopt;
  const FoundWindow& window = frame->windows->front();
  if (window.evidence < settings_.off_size_evidence) return std::nullopt;
  const float wrong = settings_.off_size_ratio * std::exp(random.uniform(0, kOffSizeRange));
  const float face = window.side * (random.chance(0.5F) ? wrong : 1 / wrong);
  ViewGeometry geometry;
  geometry.scale = face / settings_.face_height;
  const float range = 0.3F * static_cast<float>(settings_.side) * geometry.scale;
  geometry.centre_x = window.centre_x + random.uniform(-range, range);
  geometry.centre_y = window.centre_y + random.uniform(-range, range);
  geometry.rotation = random.chance(0.5F) ? random.normal() * 0.1F : 0.0F;
  geometry.mirrored = random.chance(0.5F);
  // Another face of just this size may stand beside it.
  if (shows_strong_window(*frame, geometry, settings_.off_size_ratio)) return std::nullopt;
  render_view(*frame->photo, geometry, settings_.side, Outside::grey, view);
  return Drawn{};
}

LnetSource::MaybeDrawn LnetSource::draw_alarm(Random& random, std::uint8_t* view) const {
  const auto& alarms = choose(backgrounds_, random).alarms;
  if (alarms.empty()) return std::nullopt;
  const auto& [photo, window] = alarms[random.below(alarms.size())];
  ViewGeometry geometry;
  geometry.scale = window.side / (settings_.face_height * random.log_uniform(1.2F));
  const float range = 0.35F * static_cast<float>(settings_.side) * geometry.scale;
  geometry.centre_x = window.centre_x + random.uniform(-range, range);
  geometry.centre_y = window.centre_y + random.uniform(-range, range);
  geometry.mirrored = random.chance(0.5F);
  geometry.rotation = quarter_turn(random);
  render_view(*photo, geometry, settings_.side, Outside::grey, view);
  return Drawn{};
}

LnetSource::MaybeDrawn LnetSource::draw_kind(std::size_t kind, Random& random, std::uint8_t* view,
                                             float* targets) const {
  switch (kind) {
    case 0:
      return draw_placed(random, view, targets);
    case 1:
      return draw_placed_scene(random, view);
    case 2:
      return draw_scene(random, view);
    case 3:
      return draw_window(random, view, targets);
    case 4:
      return draw_away(random, view);
    case 5:
      return draw_alarm(random, view);
    default:
      return draw_off_size(random, view);
  }
}

// What a view shows must not give away whether it shows a face: where there is none, what would
// hide a part of one lies somewhere.
void LnetSource::make_hard(const Drawn& drawn, Random& random, std::uint8_t* view) const {
  const Hardships& hardships = settings_.hardships;
  const int side = settings_.side;
  const auto happens = [&random](float chance) { return chance > 0 && random.chance(chance); };
  if (happens(hardships.hidden) || happens(hardships.close_up)) {
    FaceInView face;
    if (drawn.face) {
      face = *drawn.face;
    } else {
      face.x = random.uniform(0.2F, 0.8F) * static_cast<float>(side);
      face.y = random.uniform(0.2F, 0.8F) * static_cast<float>(side);
      face.height = settings_.face_height * random.log_uniform(1.3F);
      face.angle = random.normal() * kTilt;
    }
    const float both = hardships.hidden + hardships.close_up;
    if (random.chance(hardships.hidden / both)) {
      hide_part(view, side, face, random);
      if (random.chance(0.15F)) hide_part(view, side, face, random);
    } else {
      cut_close(view, side, face, random);
    }
  }
  if (happens(hardships.rendering)) change_rendering(view, side, random);
  if (happens(hardships.light)) change_light(view, side, random);
}

Batch LnetSource::draw(std::int64_t step, int size) const {
  const int side = settings_.side;
  Batch batch{torch::empty({size, side, side, 3}, torch::kUInt8),
              torch::empty({size, settings_.targets}, torch::kFloat32)};
  auto* pixels = batch.photos.data_ptr<std::uint8_t>();
  auto* all_targets = batch.targets.data_ptr<float>();
  const auto count = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
  const LnetMix& mix = settings_.mix;
  const std::array<float, 7> shares = {mix.placed, mix.placed_scene, mix.scene,   mix.window,
                                       mix.away,   mix.alarm,        mix.off_size};
  float total = 0;
  for (const float share : shares) total += share;
  for (int i = 0; i < size; ++i) {
    Random random(seed_, static_cast<std::uint64_t>(step * size + i), 2);
    auto* view = pixels + static_cast<std::size_t>(i) * count * 3;
    auto* targets =
        all_targets + static_cast<std::size_t>(i) * static_cast<std::size_t>(settings_.targets);
    std::fill(targets, targets + settings_.targets, 0.0F);  // "all tags −1" unless told otherwise
    float left = random.uniform() * total;
    std::size_t kind = 0;
    while (kind + 1 < shares.size() && left >= shares[kind]) left -= shares[kind++];
    MaybeDrawn drawn = draw_kind(kind, random, view, targets);
    if (!drawn) {
      std::fill(targets, targets + settings_.targets, 0.0F);
      drawn = draw_scene(random, view);
    }
    make_hard(*drawn, random, view);
    relight(view, count, Light{0.12F, 0.15F, 0.04F, 0.03F}, random);
  }
  return batch;
}

}  // namespace facet::training
