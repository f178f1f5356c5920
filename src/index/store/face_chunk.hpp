// SPDX-License-Identifier: Apache-2.0
// A chunk of faces as a whole, for those who move chunks about.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "index/sql/sql_database.hpp"

namespace facet::detail {

// A chunk and all that is in it.
struct ChunkContents {
  std::int64_t faces = 0;
  std::map<std::int64_t, std::vector<std::byte>> columns;  // by number
};

// The numbers of all columns that some chunk has.
std::vector<std::int64_t> known_columns(SqlDatabase& database);

// Without faces where there is no such chunk.
ChunkContents read_chunk(SqlDatabase& database, std::int64_t chunk,
                         const std::vector<std::int64_t>& columns);
void delete_chunk(SqlDatabase& database, std::int64_t chunk,
                  const std::vector<std::int64_t>& columns);
// Returns its id.
std::int64_t insert_chunk(SqlDatabase& database, const ChunkContents& contents);

// Adds the faces of another chunk. Values that one of them lacks are 0. Neither may be empty.
void append_chunk(ChunkContents& to, const ChunkContents& from);
// Keeps the faces for which `stays` is true.
void keep_faces(ChunkContents& contents, const std::vector<bool>& stays);

}  // namespace facet::detail
