// SPDX-License-Identifier: Apache-2.0
#include "stages/listed_photos.hpp"

#include <cstddef>

namespace facet::detail {

std::vector<const LabelledPhoto*> photos_with_boxes(
    const Collection& collection, int limit,
    const std::function<bool(const LabelledPhoto&)>& keep) {
  std::vector<const LabelledPhoto*> photos;
  for (const auto& photo : collection.photos) {
    if (photo.partition == 0 && !photo.boxes.empty() && !photo.path.empty() && keep(photo)) {
      photos.push_back(&photo);
    }
  }
  const auto wanted = static_cast<std::size_t>(limit);
  if (limit <= 0 || photos.size() <= wanted) return photos;
  std::vector<const LabelledPhoto*> spread;
  for (std::size_t i = 0; i < wanted; ++i) spread.push_back(photos[i * photos.size() / wanted]);
  return spread;
}

}  // namespace facet::detail
