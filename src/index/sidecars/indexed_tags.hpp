// SPDX-License-Identifier: Apache-2.0
// The tags of photos as an index knows them. What people said wins over what was predicted.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "index/sidecars/tag_choice.hpp"
#include "index/sidecars/tag_writer.hpp"
#include "index/sql/sql_database.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/generation_table.hpp"
#include "index/store/photo_table.hpp"
#include "index/store/verdict_table.hpp"

namespace facet::detail {

// The caller keeps a SqlReading open meanwhile.
class IndexedTags {
 public:
  // Throws Error: not_found (the index is empty), invalid_argument (no such attribute; `choice` has
  // names as they were typed).
  IndexedTags(SqlDatabase& database, TagChoice choice);

  PhotoTags of(const PhotoRow& photo, bool with_faces);

 private:
  SqlDatabase& database_;
  TagChoice choice_;
  FaceSnapshot snapshot_;
  std::vector<IndexAttribute> attributes_;
  std::vector<std::int64_t> columns_;
  std::multimap<std::uint32_t, FaceVerdict> verdicts_;  // by photo
};

// After sidecars were written: the next run of facet index need not look at these photos for that.
// `before` are rows that were as the files were.
void remember_sidecars(SqlDatabase& database, const std::vector<PhotoRow>& before);
// Whether the row is as the file is now.
bool is_as_indexed(const PhotoRow& photo);

}  // namespace facet::detail
