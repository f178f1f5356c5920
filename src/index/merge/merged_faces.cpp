// SPDX-License-Identifier: Apache-2.0
#include "index/merge/merged_faces.hpp"

#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "index/store/face_chunk.hpp"
#include "index/store/face_columns.hpp"

namespace facet::detail {
namespace {

// The column of an attribute in the one index by that in the other: they are numbered as they came.
std::map<std::int64_t, std::int64_t> matching_columns(const Generation& from,
                                                      const Generation& to) {
  std::map<std::int64_t, std::int64_t> columns;
  for (const IndexAttribute& one : from.attributes) {
    for (const IndexAttribute& other : to.attributes) {
      if (one.name == other.name) columns[one.column] = other.column;
    }
  }
  return columns;
}

// Leaves the faces of photos that were taken over, under their new ids.
void rename_photos(ChunkContents& chunk, const PhotoIds& ids) {
  std::vector<std::byte>& photos = chunk.columns.at(FaceColumn::photo);
  std::vector<bool> stays(static_cast<std::size_t>(chunk.faces), false);
  for (std::size_t i = 0; i < stays.size(); ++i) {
    std::uint32_t photo = 0;
    std::memcpy(&photo, photos.data() + i * sizeof photo, sizeof photo);
    const auto known = ids.find(photo);
    if (known == ids.end()) continue;
    stays[i] = true;
    std::memcpy(photos.data() + i * sizeof photo, &known->second, sizeof photo);
  }
  keep_faces(chunk, stays);
}

}  // namespace

void copy_faces(SqlDatabase& from, const Generation& from_generation, SqlDatabase& out,
                const Generation& out_generation, const PhotoIds& ids) {
  std::vector<std::int64_t> chunks;
  from.run("SELECT id FROM face_chunk WHERE faces > 0 ORDER BY id", {},
           [&](const SqlRow& row) { chunks.push_back(row.integer(0)); });
  const std::vector<std::int64_t> columns = known_columns(from);
  const auto matching = matching_columns(from_generation, out_generation);
  for (const std::int64_t id : chunks) {
    ChunkContents chunk = read_chunk(from, id, columns);
    rename_photos(chunk, ids);
    if (chunk.faces == 0) continue;
    ChunkContents renamed;
    renamed.faces = chunk.faces;
    for (auto& [column, data] : chunk.columns) {
      const bool attribute = column >= FaceColumn::first_attribute;
      const auto to = matching.find(column);
      if (attribute && to == matching.end()) continue;  // of an older generation
      renamed.columns.emplace(attribute ? to->second : column, std::move(data));
    }
    insert_chunk(out, renamed);
  }
}

void copy_crops(SqlDatabase& from, SqlDatabase& out, const PhotoIds& ids) {
  from.run("SELECT id, jpeg FROM crop", {}, [&](const SqlRow& row) {
    constexpr std::int64_t numbers = crop_id(1, 0);
    const auto photo = ids.find(static_cast<std::uint32_t>(row.integer(0) / numbers));
    if (photo == ids.end()) return;
    const auto number = static_cast<int>(row.integer(0) % numbers);
    out.run("INSERT INTO crop (id, jpeg) VALUES ($1, $2)",
            {crop_id(photo->second, number), row.bytes(1)});
  });
}

void copy_regions(SqlDatabase& from, SqlDatabase& out, const PhotoIds& ids) {
  from.run("SELECT photo, number, x, y, width, height, name FROM region", {},
           [&](const SqlRow& row) {
             const auto photo = ids.find(static_cast<std::uint32_t>(row.integer(0)));
             if (photo == ids.end()) return;
             out.run(
                 "INSERT INTO region (photo, number, x, y, width, height, name) VALUES ($1, $2, "
                 "$3, $4, $5, $6, $7)",
                 {photo->second, row.integer(1), row.real(2), row.real(3), row.real(4), row.real(5),
                  row.text(6)});
           });
}

}  // namespace facet::detail
