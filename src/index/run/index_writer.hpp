// SPDX-License-Identifier: Apache-2.0
// Puts what a run found into the database, some photos at a time: a killed run loses only the last
// of them, and the next run goes on from there.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "index/run/known_photos.hpp"
#include "index/run/photo_examination.hpp"
#include "index/sql/sql_database.hpp"
#include "index/store/face_columns.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/generation_table.hpp"
#include "index/store/tombstone_table.hpp"

namespace facet::detail {

struct IndexCounts {
  std::size_t added = 0;
  std::size_t changed = 0;  // described anew
  std::size_t moved = 0;
  std::size_t copies = 0;   // of photos that are in the index, at another place
  std::size_t touched = 0;  // only their time or their sidecar changed
  std::size_t unreadable = 0;
  std::size_t forgotten = 0;  // left out, as was asked for
  std::size_t own_pictures = 0;
  std::size_t faces = 0;  // of those described
};

class IndexWriter {
 public:
  // What is referred to must outlive it.
  IndexWriter(SqlDatabase& database, const Generation& generation, const IndexPlan& plan,
              const Tombstones& tombstones, std::size_t written_at_once);

  // Keeps it, and writes what was kept where it is much or old.
  void add(Examination found);
  // Writes the rest.
  void finish();

  [[nodiscard]] const IndexCounts& counts() const { return counts_; }
  // Photos that are elsewhere now.
  [[nodiscard]] bool was_moved(std::uint32_t photo) const { return moved_.contains(photo); }

 private:
  void write();
  void write_one(const Examination& found);
  void put(const PhotoRow& row, const IndexTask& task, const std::vector<StoredFace>& faces,
           const Examination& found, std::size_t& count);
  void write_described(const Examination& found);
  void write_known(const Examination& found);
  void write_same(const Examination& found);
  void write_unreadable(const Examination& found);
  bool move(const Examination& found);
  void put_names(std::uint32_t photo, const Examination& found,
                 const std::vector<StoredFace>& faces);
  FaceSnapshot& snapshot();

  SqlDatabase& database_;
  const Generation& generation_;
  const IndexPlan& plan_;
  const Tombstones& tombstones_;
  PhotoTable photos_;
  FaceWriter faces_;
  std::vector<std::int64_t> columns_;
  std::set<std::uint32_t> missing_;
  std::set<std::uint32_t> moved_;
  std::optional<FaceSnapshot> snapshot_;  // of the current transaction
  std::vector<Examination> waiting_;
  std::size_t most_waiting_;
  std::chrono::steady_clock::time_point last_write_;
  IndexCounts counts_;
};

}  // namespace facet::detail
