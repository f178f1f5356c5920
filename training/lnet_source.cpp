// SPDX-License-Identifier: Apache-2.0
#include "lnet_source.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "augment/appearance.hpp"

namespace facet::training {

LnetSource::LnetSource(std::vector<AlignedPack> aligned, std::vector<FramePack> frames,
                       std::vector<BackgroundPack> backgrounds, std::uint64_t seed,
                       LnetSettings settings)
    : scenes_(std::move(aligned), std::move(backgrounds), settings),
      frames_(std::move(frames), settings),
      seed_(seed),
      settings_(settings) {
}

MaybeDrawn LnetSource::draw_kind(std::size_t kind, Random& random, std::uint8_t* view,
                                 float* targets) const {
  switch (kind) {
    case 0:
      return scenes_.draw_placed(random, view, targets);
    case 1:
      return scenes_.draw_placed_scene(random, view);
    case 2:
      return scenes_.draw_scene(random, view);
    case 3:
      return frames_.draw_window(random, view, targets);
    case 4:
      return frames_.draw_away(random, view);
    case 5:
      return scenes_.draw_alarm(random, view);
    default:
      return frames_.draw_off_size(random, view);
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
      drawn = scenes_.draw_scene(random, view);
    }
    make_hard(*drawn, random, view);
    relight(view, count, Light{0.12F, 0.15F, 0.04F, 0.03F}, random);
  }
  return batch;
}

}  // namespace facet::training
