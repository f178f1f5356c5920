// SPDX-License-Identifier: Apache-2.0
// One run of facet index: what lies in the folders is compared with what the index knows, and what
// differs is looked at.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "index/run/index_writer.hpp"
#include "index/run/known_photos.hpp"
#include "index/run/photo_examination.hpp"
#include "index/sql/sql_database.hpp"
#include "index/store/generation_table.hpp"

namespace facet::detail {

struct IndexRunOptions {
  std::vector<std::string> roots;  // absolute_root()
  // Only these are looked at, which lie in the roots; nothing: all. Roots are never missing then.
  std::optional<std::vector<ChangedFolder>> changed;
  Shard shard;
  bool reindex = false;              // describe again what other settings described
  bool prune = false;                // drop photos whose files are gone
  bool prune_missing_roots = false;  // also where a whole folder is missing
  bool prune_many = true;            // also where more than a tenth is gone at once
  int workers = 1;
  int crop_side = 0;                  // of crops to keep; 0: none
  std::size_t written_at_once = 256;  // photos, if they are found within two seconds
  DecodeOptions decode;
};

// How a run works and what it tells. `make_describe` is called once in each worker; the others in
// the thread of the run.
struct IndexRunHooks {
  std::function<DescribePhotos()> make_describe;
  ReadRegions read_regions;                      // thread-safe; may be empty
  std::function<void(std::size_t files)> begin;  // so many will be looked at
  std::function<void(const std::string& path, const Examination&)> looked_at;
  std::function<void(const std::string&)> warn;
  // False for files that are still being written: they stay as they are known. May be empty.
  std::function<bool(const FoundFile&)> settled;
  // True where the run shall end: what was looked at is kept, the rest left to the next run. May be
  // empty.
  std::function<bool()> stop;
};

struct IndexRunResult {
  IndexCounts counts;
  std::size_t unchanged = 0;
  std::size_t gone = 0;                    // not there now, marked offline
  std::size_t pruned = 0;                  // dropped
  std::size_t left_out = 0;                // dropped: they lie in folders of the system's own
  std::size_t returned = 0;                // were offline, and are there again
  std::vector<std::string> missing_roots;  // with known photos
  std::vector<std::string> unknown_roots;  // no such folder, and no photo of it is known
  PassedOver passed_over;                  // in the folders beside photos
  bool many_gone = false;                  // more than a tenth of what was expected
  std::vector<std::string> unsettled;      // folders with files that are still being written
  bool stopped = false;                    // before all was looked at
};

// `wanted` says with what photos shall be described. Throws Error(invalid_argument) where the index
// was made with something else and `reindex` is false, and what the database throws. May be stopped
// at any moment, by kill -9 as well: the next run goes on.
IndexRunResult run_index(SqlDatabase& database, const Generation& wanted,
                         const IndexRunOptions& options, const IndexRunHooks& hooks);

}  // namespace facet::detail
