// SPDX-License-Identifier: Apache-2.0
#include "object_source.hpp"

#include <algorithm>

#include "augment/random.hpp"
#include "view.hpp"

namespace facet::training {

ObjectSource::ObjectSource(std::shared_ptr<const Pack> pack, std::uint64_t seed, int side,
                           bool augment)
    : pack_(std::move(pack)),
      seed_(seed),
      side_(side),
      augment_(augment),
      order_(seed, pack_->photos.size()) {
  for (const auto& photo : pack_->photos) categories_ = std::max(categories_, photo.category + 1);
}

std::int64_t ObjectSource::epoch_size() const {
  return static_cast<std::int64_t>(pack_->photos.size());
}

Batch ObjectSource::draw(std::int64_t step, int size) const {
  Batch batch{torch::empty({size, side_, side_, 3}, torch::kUInt8),
              torch::empty({size}, torch::kInt64)};
  auto* pixels = batch.photos.data_ptr<std::uint8_t>();
  auto* classes = batch.targets.data_ptr<std::int64_t>();
  const auto bytes = static_cast<std::size_t>(side_) * static_cast<std::size_t>(side_) * 3;
  for (int i = 0; i < size; ++i) {
    const std::int64_t position = step * size + i;
    const auto& photo =
        pack_->photos[augment_ ? order_.at(position)
                               : static_cast<std::size_t>(position) % pack_->photos.size()];
    Random random(seed_, static_cast<std::uint64_t>(position), 1);
    ViewGeometry geometry{
        static_cast<float>(photo.width()) / 2, static_cast<float>(photo.height()) / 2,
        static_cast<float>(std::min(photo.width(), photo.height())) / static_cast<float>(side_)};
    if (augment_) {
      const float share = random.uniform(0.6F, 1.0F);
      const float room = (1 - share) / 2;
      geometry.centre_x += random.uniform(-room, room) * static_cast<float>(photo.width());
      geometry.centre_y += random.uniform(-room, room) * static_cast<float>(photo.height());
      geometry.scale *= share;
      geometry.mirrored = random.chance(0.5F);
    }
    auto* view = pixels + static_cast<std::size_t>(i) * bytes;
    render_view(photo, geometry, side_, Outside::replicate, view);
    if (augment_) relight(view, bytes / 3, Light{}, random);
    classes[i] = photo.category;
  }
  return batch;
}

}  // namespace facet::training
