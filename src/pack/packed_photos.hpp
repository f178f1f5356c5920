// SPDX-License-Identifier: Apache-2.0
// Reads packs (pack/pack_writer.hpp) photo by photo, for the stages that run on the inference
// library.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "facet/image.hpp"

namespace facet::detail {

struct PackEntry {
  std::string name;
  int shard = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  int identity = -1;
  int category = -1;
  int partition = -1;
  std::vector<std::int8_t> labels;  // 1, 0; -1 unknown
};

class PackedPhotos {
 public:
  // Throws Error(not_found, io, bad_label) naming file and line.
  PackedPhotos(const std::filesystem::path& folder, const std::string& name);

  [[nodiscard]] const std::vector<PackEntry>& entries() const { return entries_; }
  [[nodiscard]] const std::vector<std::string>& attributes() const { return attributes_; }
  // Thread-safe.
  [[nodiscard]] Image read(const PackEntry& entry) const;

 private:
  std::filesystem::path folder_;
  std::vector<std::string> attributes_;
  std::vector<std::string> shards_;
  std::vector<PackEntry> entries_;
};

// Photos of one partition (-1: of all); where they are more than `limit` (0: no limit), that many
// spread over them.
std::vector<const PackEntry*> chosen_entries(const PackedPhotos& pack, int partition, int limit);

}  // namespace facet::detail
