// SPDX-License-Identifier: Apache-2.0
// Which photos of one index go into another, and under which id.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "index/store/photo_table.hpp"
#include "index/store/tombstone_table.hpp"

namespace facet::detail {

// The id in the other index of each photo that was taken over.
using PhotoIds = std::unordered_map<std::uint32_t, std::uint32_t>;

struct MergeCounts {
  std::size_t photos = 0;     // added
  std::size_t faces = 0;      // of photos added or replaced
  std::size_t already = 0;    // photos that were there, as good
  std::size_t replaced = 0;   // that were there, and older
  std::size_t forgotten = 0;  // left out, or taken out, since one of the indexes says so
};

class MergedPhotos {
 public:
  // Knows the photos of `out` from now on, with those that take() adds.
  explicit MergedPhotos(SqlDatabase& out);

  // Adds the photos of `from`, as described by `generation` of `out`. Inside a transaction.
  PhotoIds take(SqlDatabase& from, const Tombstones& tombstones, int generation,
                MergeCounts& counts);

 private:
  SqlDatabase& out_;
  PhotoTable table_;
  std::unordered_map<std::string, PhotoRow> known_;  // by path
};

// True where a photo was forgotten as a whole, one that could not be read included.
bool is_forgotten(const Tombstones& tombstones, const PhotoRow& photo);

}  // namespace facet::detail
