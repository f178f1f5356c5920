// SPDX-License-Identifier: Apache-2.0
#include "index/merge/merged_photos.hpp"

#include <tuple>
#include <vector>

namespace facet::detail {
namespace {

// What is larger says more about the photo.
auto worth(const PhotoRow& photo) {
  return std::make_tuple(photo.status != PhotoStatus::unreadable, !photo.gone, photo.state.modified,
                         photo.state.sidecar);
}

}  // namespace

bool is_forgotten(const Tombstones& tombstones, const PhotoRow& photo) {
  return tombstones.photo(photo.content.value_or(ContentHash{}), photo.path());
}

MergedPhotos::MergedPhotos(SqlDatabase& out) : out_(out), table_(out) {
  table_.each([&](const PhotoRow& photo) { known_.emplace(photo.path(), photo); });
}

PhotoIds MergedPhotos::take(SqlDatabase& from, const Tombstones& tombstones, int generation,
                            MergeCounts& counts) {
  std::vector<PhotoRow> taken;
  std::vector<std::uint32_t> replaced;
  PhotoTable(from).each([&](const PhotoRow& photo) {
    if (is_forgotten(tombstones, photo)) {
      ++counts.forgotten;
      return;
    }
    const auto known = known_.find(photo.path());
    if (known != known_.end() && worth(known->second) >= worth(photo)) {
      ++counts.already;
      return;
    }
    if (known != known_.end()) {
      replaced.push_back(known->second.id);
      ++counts.replaced;
    } else {
      ++counts.photos;
    }
    counts.faces += static_cast<std::size_t>(photo.faces);
    taken.push_back(photo);
  });
  remove_photos(out_, replaced);
  PhotoIds ids;
  for (PhotoRow& photo : taken) {
    const std::uint32_t before = photo.id;
    photo.generation = generation;
    photo.id = table_.insert(photo).value();
    ids.emplace(before, photo.id);
    known_.insert_or_assign(photo.path(), photo);
  }
  return ids;
}

}  // namespace facet::detail
