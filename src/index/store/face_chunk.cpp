// SPDX-License-Identifier: Apache-2.0
#include "index/store/face_chunk.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <set>

#include "index/store/face_columns.hpp"

namespace facet::detail {
namespace {

static_assert(std::endian::native == std::endian::little, "columns are little-endian");

using Bytes = std::vector<std::byte>;

}  // namespace

std::vector<std::int64_t> known_columns(SqlDatabase& database) {
  std::vector<std::int64_t> columns;
  for (std::int64_t column = 0; column < FaceColumn::first_attribute; ++column) {
    columns.push_back(column);
  }
  database.run("SELECT id FROM attribute ORDER BY id", {}, [&](const SqlRow& row) {
    columns.push_back(FaceColumn::first_attribute + row.integer(0));
  });
  return columns;
}

ChunkContents read_chunk(SqlDatabase& database, std::int64_t chunk,
                         const std::vector<std::int64_t>& columns) {
  ChunkContents contents;
  contents.faces =
      sql_integer(database, "SELECT faces FROM face_chunk WHERE id = $1", {chunk}).value_or(0);
  for (const std::int64_t column : columns) {
    database.run("SELECT data FROM face_column WHERE id = $1", {face_column_id(column, chunk)},
                 [&](const SqlRow& row) {
                   const SqlBytes data = row.bytes(0);
                   contents.columns[column].assign(data.begin(), data.end());
                 });
  }
  return contents;
}

void delete_chunk(SqlDatabase& database, std::int64_t chunk,
                  const std::vector<std::int64_t>& columns) {
  for (const std::int64_t column : columns) {
    database.run("DELETE FROM face_column WHERE id = $1", {face_column_id(column, chunk)});
  }
  database.run("DELETE FROM face_chunk WHERE id = $1", {chunk});
}

std::int64_t insert_chunk(SqlDatabase& database, const ChunkContents& contents) {
  const std::int64_t chunk =
      sql_integer(database, "INSERT INTO face_chunk (faces) VALUES ($1) RETURNING id",
                  {contents.faces})
          .value();
  for (const auto& [column, data] : contents.columns) {
    database.run("INSERT INTO face_column (id, data) VALUES ($1, $2)",
                 {face_column_id(column, chunk), SqlBytes(data)});
  }
  return chunk;
}

void append_chunk(ChunkContents& to, const ChunkContents& from) {
  std::set<std::int64_t> columns;
  for (const auto& [column, data] : to.columns) columns.insert(column);
  for (const auto& [column, data] : from.columns) columns.insert(column);
  for (const std::int64_t column : columns) {
    Bytes& data = to.columns[column];
    const auto added = from.columns.find(column);
    const bool has = added != from.columns.end();
    const std::size_t known = has ? added->second.size() / static_cast<std::size_t>(from.faces)
                                  : data.size() / static_cast<std::size_t>(to.faces);
    data.resize(known * static_cast<std::size_t>(to.faces));
    if (has) {
      data.insert(data.end(), added->second.begin(), added->second.end());
    } else {
      data.resize(data.size() + known * static_cast<std::size_t>(from.faces));
    }
  }
  to.faces += from.faces;
}

void keep_faces(ChunkContents& contents, const std::vector<bool>& stays) {
  const auto faces = static_cast<std::size_t>(contents.faces);
  for (auto& [column, data] : contents.columns) {
    const std::size_t width = data.size() / faces;
    std::size_t to = 0;
    for (std::size_t i = 0; i < faces; ++i) {
      if (!stays[i]) continue;
      std::memmove(data.data() + to * width, data.data() + i * width, width);
      ++to;
    }
    data.resize(to * width);
  }
  contents.faces = std::count(stays.begin(), stays.end(), true);
}

}  // namespace facet::detail
