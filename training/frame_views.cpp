// SPDX-License-Identifier: Apache-2.0
#include "frame_views.hpp"

#include <algorithm>
#include <cmath>

namespace facet::training {
namespace {

// A window this many times smaller or larger than every strong one shows no face of LNet's size.
constexpr float kOtherScale = 2.3F;
constexpr float kOffSizeRange = 0.55F;  // beyond the ratio that is clearly wrong, in logarithms

}  // namespace

FrameViews::FrameViews(std::vector<FramePack> frames, LnetSettings settings)
    : frames_(std::move(frames)), settings_(settings) {
}

std::optional<FrameViews::Frame> FrameViews::pick(Random& random) const {
  if (frames_.empty()) return std::nullopt;
  const FramePack& frames = choose(frames_, random);
  const auto& photo = frames.pack->photos[random.below(frames.pack->photos.size())];
  const auto found = frames.windows.find(photo.name);
  if (found == frames.windows.end()) return std::nullopt;
  return Frame{&photo, &found->second, frames.first_target};
}

bool FrameViews::shows_strong_window(const Frame& frame, const ViewGeometry& geometry,
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

MaybeDrawn FrameViews::draw_window(Random& random, std::uint8_t* view, float* targets) const {
  const auto frame = pick(random);
  if (!frame) return std::nullopt;
  const FoundWindow& window = frame->windows->front();
  ViewGeometry geometry;
  geometry.scale =
      window.side / (settings_.face_height * random.log_uniform(settings_.window_ratio));
  geometry.rotation = turn_of_face(settings_.hardships, random,
                                   random.chance(0.5F) ? random.normal() * 0.1F : 0.0F);
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
  set_tags(settings_, *frame->photo, frame->first_target, targets);
  return Drawn{
      face_in_view(geometry, settings_.side, window.centre_x, window.centre_y, window.side)};
}

MaybeDrawn FrameViews::draw_away(Random& random, std::uint8_t* view) const {
  const auto frame = pick(random);
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

MaybeDrawn FrameViews::draw_off_size(Random& random, std::uint8_t* view) const {
  const auto frame = pick(random);
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

}  // namespace facet::training
