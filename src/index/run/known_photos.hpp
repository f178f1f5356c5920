// SPDX-License-Identifier: Apache-2.0
// What the index knew when a run began, and what therefore is to be done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "index/run/file_scan.hpp"
#include "index/store/photo_table.hpp"

namespace facet::detail {

// A part of the photos, of which a job array has one a task: by a hash of the path, so that every
// task knows its own without asking the others.
struct Shard {
  int number = 1;  // 1…of
  int of = 1;
  [[nodiscard]] bool has(const std::string& path) const;
};

// "2/8"; throws Error(invalid_argument).
Shard read_shard(const std::string& text);

// Thread-safe once made.
class KnownPhotos {
 public:
  // All photos of the index: those outside the roots are known by their content, too.
  explicit KnownPhotos(SqlDatabase& database);

  [[nodiscard]] const std::vector<PhotoRow>& all() const { return photos_; }
  [[nodiscard]] const PhotoRow* at(const std::string& path) const;
  // Described photos of that content; the one that was described last by the given generation
  // first. Null where there is none.
  [[nodiscard]] const PhotoRow* with_content(const ContentHash& content, int generation) const;

 private:
  struct HashContent {
    std::size_t operator()(const ContentHash& content) const noexcept;
  };
  std::vector<PhotoRow> photos_;
  std::unordered_map<std::string, std::size_t> by_path_;
  std::unordered_multimap<ContentHash, std::size_t, HashContent> by_content_;
};

// A file that has to be looked at.
struct IndexTask {
  FoundFile file;
  const PhotoRow* known = nullptr;  // at this path
};

struct IndexPlan {
  std::vector<IndexTask> tasks;
  std::size_t unchanged = 0;
  std::vector<std::uint32_t> returned;   // were gone, and are there as they were
  std::vector<const PhotoRow*> missing;  // known, and not there now
  std::vector<const PhotoRow*> absent;   // marked as gone before, and still not there
  std::vector<std::uint32_t> left_out;   // known from folders that no scan enters any more
  std::size_t expected = 0;              // known in the roots, and not gone before
  std::vector<std::string> unsettled;    // folders with files to look at later
};

struct PlanRequest {
  std::vector<std::string> roots;
  // Where only a part of them was scanned: the folders.
  std::optional<std::vector<ChangedFolder>> changed;
  Shard shard;
  int described_by = 0;  // the current generation
  bool renew = false;    // photos of older ones are tasks
  // False for files that are still being written: they are left as they are. May be empty.
  std::function<bool(const FoundFile&)> settled;
};

// Photos of folders that could not be listed are neither missing nor tasks.
IndexPlan plan_run(const KnownPhotos& known, const FileScan& scan, const PlanRequest& request);

}  // namespace facet::detail
