// SPDX-License-Identifier: Apache-2.0
#include "alignment_source.hpp"

#include <algorithm>

#include "facet/error.hpp"
#include "view.hpp"

namespace facet::training {

AlignmentSource::AlignmentSource(FacePack faces, std::uint64_t seed, MisalignmentSettings settings)
    : faces_(std::move(faces)),
      seed_(seed),
      settings_(settings),
      order_(seed, faces_.pack->photos.size()) {
  if (faces_.pack->photos.empty() || faces_.constant.side <= 0) {
    throw Error(
        ErrorCode::invalid_argument,
        "pack '" + faces_.pack->name + "': alignment needs photos and their 'constant' face");
  }
}

std::int64_t AlignmentSource::epoch_size() const {
  return static_cast<std::int64_t>(faces_.pack->photos.size());
}

Batch AlignmentSource::draw(std::int64_t step, int size) const {
  const int side = settings_.view.side;
  const FoundWindow& face = faces_.constant;
  Batch batch{torch::empty({size, side, side, 3}, torch::kUInt8),
              torch::empty({size, PoseChange::kOutputs}, torch::kFloat32)};
  const std::int64_t bytes = static_cast<std::int64_t>(side) * side * 3;
  for (int i = 0; i < size; ++i) {
    const std::int64_t position = step * size + i;
    Random random(seed_, static_cast<std::uint64_t>(position), 6);
    const float height = face.side * random.log_uniform(settings_.size_ratio);
    const float angle = random.uniform(-settings_.rotation, settings_.rotation);
    ViewGeometry geometry;
    geometry.scale = settings_.view.context * height / static_cast<float>(side);
    const float shift_x = random.normal() * settings_.shift * height;
    const float shift_y = random.normal() * settings_.shift * height;
    geometry.centre_x = face.centre_x + shift_x;
    geometry.centre_y = face.centre_y + shift_y;
    geometry.rotation = angle;
    geometry.mirrored = random.chance(0.5F);
    auto* view = batch.photos.data_ptr<std::uint8_t>() + i * bytes;
    render_view(faces_.pack->photos[order_.at(position)], geometry, side, Outside::replicate, view);
    relight(view, static_cast<std::size_t>(side) * static_cast<std::size_t>(side),
            Light{0.2F, 0.25F, 0.06F, 0.1F}, random);
    // Seen from the face itself, so that large places in the photo cost no digits.
    const PoseChange change = pose_change({shift_x, shift_y, height, angle}, {0, 0, face.side, 0});
    const auto outputs = (geometry.mirrored ? mirrored(change) : change).outputs();
    std::copy(outputs.begin(), outputs.end(),
              batch.targets.data_ptr<float>() + std::ptrdiff_t{i} * PoseChange::kOutputs);
  }
  return batch;
}

}  // namespace facet::training
