// SPDX-License-Identifier: Apache-2.0
// Packed photos for training: JPEG in shards of at most 20 MB beside an index.
//
// A pack NAME in a folder is
//   NAME.json         {"name","kind","attributes":[…],"categories":[…],
//                     "shards":["NAME-000.shard",…],"photos":N,"made_from":{…}}
//   NAME.index.csv    name,shard,offset,length,width,height,identity,category,partition,labels
//                     (also its first line); shard: place among "shards", from 0; -1 is unknown;
//                     labels: one character an attribute, '1', '0', or '?' unknown; may be empty
//   NAME-000.shard …  JPEG files one after the other
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dataset/dataset.hpp"

namespace facet::detail {

struct PackOptions {
  std::string name;
  int max_side = 0;  // photos are shrunk to this long side; 0 keeps them
  int jpeg_quality = 90;
  std::int64_t shard_bytes = 20'000'000;
  int threads = 2;
  bool overwrite = false;    // also files that facet did not write
  nlohmann::json made_from;  // what it holds of which collection, to be written down
};

// Writes a pack of the given photos of a collection into `out` (atomically: the .json last).
// Returns the number packed; unreadable photos are listed in `skipped`. Throws
// Error(invalid_argument) before packing where a file would be replaced that facet did not write.
int write_pack(const Collection& collection, const std::vector<const LabelledPhoto*>& photos,
               const std::filesystem::path& out, const PackOptions& options,
               std::vector<std::string>& skipped);

}  // namespace facet::detail
