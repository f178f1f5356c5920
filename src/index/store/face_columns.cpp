// SPDX-License-Identifier: Apache-2.0
#include "index/store/face_columns.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include "index/store/face_chunk.hpp"

namespace facet::detail {
namespace {

using Bytes = std::vector<std::byte>;

template <typename Value>
void add(Bytes& bytes, Value value) {
  const auto* first = reinterpret_cast<const std::byte*>(&value);
  bytes.insert(bytes.end(), first, first + sizeof value);
}

std::uint16_t stored_length(float length, int side) {
  constexpr float unit = 65535;
  if (side <= 0) return 0;
  const float part = std::clamp(length / static_cast<float>(side), 0.0F, 1.0F);
  return static_cast<std::uint16_t>(std::lround(part * unit));
}

std::int64_t fold(SqlDatabase& database, std::span<const std::int64_t> chunks) {
  const std::vector<std::int64_t> columns = known_columns(database);
  ChunkContents whole;
  for (const std::int64_t chunk : chunks) {
    ChunkContents part = read_chunk(database, chunk, columns);
    if (part.faces == 0) continue;
    if (whole.faces == 0) {
      whole = std::move(part);
    } else {
      append_chunk(whole, part);
    }
  }
  for (const std::int64_t chunk : chunks) delete_chunk(database, chunk, columns);
  return whole.faces == 0 ? 0 : insert_chunk(database, whole);
}

// Which faces of a chunk stay: true where they do.
std::vector<bool> staying(const ChunkContents& contents, std::span<const FaceKey> removed) {
  std::map<std::uint32_t, std::set<int>> keys;
  for (const FaceKey& key : removed) keys[key.photo].insert(key.number);
  const auto faces = static_cast<std::size_t>(contents.faces);
  std::vector<bool> stays(faces, true);
  const Bytes& photos = contents.columns.at(FaceColumn::photo);
  const Bytes& numbers = contents.columns.at(FaceColumn::number);
  for (std::size_t i = 0; i < faces; ++i) {
    std::uint32_t photo = 0;
    std::uint16_t number = 0;
    std::memcpy(&photo, photos.data() + i * sizeof photo, sizeof photo);
    std::memcpy(&number, numbers.data() + i * sizeof number, sizeof number);
    const auto key = keys.find(photo);
    if (key == keys.end()) continue;
    stays[i] = !key->second.contains(0) && !key->second.contains(number);
  }
  return stays;
}

// Chunks in which some of the photos have faces.
std::vector<std::int64_t> chunks_with(SqlDatabase& database, std::span<const FaceKey> faces) {
  std::vector<std::uint32_t> photos;
  for (const FaceKey& key : faces) photos.push_back(key.photo);
  std::sort(photos.begin(), photos.end());
  std::vector<std::int64_t> chunks;
  database.run("SELECT id, data FROM face_column WHERE id < $1 ORDER BY id",
               {face_column_id(FaceColumn::photo + 1, 0)}, [&](const SqlRow& row) {
                 const SqlBytes data = row.bytes(1);
                 for (std::size_t i = 0; i + 4 <= data.size(); i += 4) {
                   std::uint32_t photo = 0;
                   std::memcpy(&photo, data.data() + i, sizeof photo);
                   if (!std::binary_search(photos.begin(), photos.end(), photo)) continue;
                   chunks.push_back(row.integer(0));
                   return;
                 }
               });
  return chunks;
}

}  // namespace

StoredBox stored_box(const Box& box, int photo_width, int photo_height) {
  return {stored_length(box.x, photo_width), stored_length(box.y, photo_height),
          stored_length(box.width, photo_width), stored_length(box.height, photo_height)};
}

Box pixel_box(const StoredBox& box, int photo_width, int photo_height) {
  const float across = static_cast<float>(photo_width) / 65535;
  const float down = static_cast<float>(photo_height) / 65535;
  return {static_cast<float>(box.x) * across, static_cast<float>(box.y) * down,
          static_cast<float>(box.width) * across, static_cast<float>(box.height) * down};
}

float overlap(const StoredBox& a, const StoredBox& b) {
  constexpr int unit = 65535;
  return facet::overlap(pixel_box(a, unit, unit), pixel_box(b, unit, unit));
}

std::uint8_t stored_probability(float p) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(p, 0.0F, 1.0F) * 255));
}

FaceWriter::FaceWriter(SqlDatabase& database, std::vector<std::int64_t> columns)
    : database_(database), columns_(std::move(columns)) {
  discard();
}

void FaceWriter::discard() {
  pending_.columns.assign(static_cast<std::size_t>(FaceColumn::first_attribute) + columns_.size(),
                          {});
  pending_.faces = 0;
}

void FaceWriter::append(std::uint32_t photo, std::uint16_t day, std::span<const StoredFace> faces) {
  for (const StoredFace& face : faces) {
    const auto column = [&](std::int64_t number) -> Bytes& {
      return pending_.columns[static_cast<std::size_t>(number)];
    };
    add(column(FaceColumn::photo), photo);
    add(column(FaceColumn::number), static_cast<std::uint16_t>(face.number));
    add(column(FaceColumn::box), face.box);
    add(column(FaceColumn::score), face.score);
    add(column(FaceColumn::day), day);
    if (!face.features.empty()) {
      const auto features = std::as_bytes(std::span(face.features));
      column(FaceColumn::feature)
          .insert(column(FaceColumn::feature).end(), features.begin(), features.end());
      add(column(FaceColumn::scale), face.scale);
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      add(column(FaceColumn::first_attribute + static_cast<std::int64_t>(i)),
          face.attributes.at(i));
    }
    ++pending_.faces;
  }
}

void FaceWriter::flush() {
  if (pending_.faces == 0) return;
  ChunkContents contents;
  contents.faces = pending_.faces;
  for (std::size_t i = 0; i < pending_.columns.size(); ++i) {
    if (pending_.columns[i].empty()) continue;
    const auto number = static_cast<std::int64_t>(i);
    const std::int64_t attribute = number - FaceColumn::first_attribute;
    const std::int64_t column =
        attribute < 0 ? number : columns_[static_cast<std::size_t>(attribute)];
    contents.columns[column] = std::move(pending_.columns[i]);
  }
  small_chunks_.push_back(insert_chunk(database_, contents));
  small_faces_ += contents.faces;
  discard();
  if (small_faces_ + contents.faces > kChunkFaces) {
    fold(database_, small_chunks_);
    small_chunks_.clear();
    small_faces_ = 0;
  }
}

void remove_faces(SqlDatabase& database, std::span<const FaceKey> faces) {
  if (faces.empty()) return;
  const std::vector<std::int64_t> columns = known_columns(database);
  for (const std::int64_t chunk : chunks_with(database, faces)) {
    if (database.dialect() == SqlDialect::postgres) {
      // Another writer may be taking its own faces out of this chunk.
      database.run("SELECT id FROM face_chunk WHERE id = $1 FOR UPDATE", {chunk});
    }
    ChunkContents contents = read_chunk(database, chunk, columns);
    if (contents.faces == 0) continue;  // it was quicker, and nothing was left
    const std::vector<bool> stays = staying(contents, faces);
    keep_faces(contents, stays);
    if (contents.faces == 0) {
      delete_chunk(database, chunk, columns);
      continue;
    }
    for (const auto& [column, data] : contents.columns) {
      database.run("UPDATE face_column SET data = $2 WHERE id = $1",
                   {face_column_id(column, chunk), SqlBytes(data)});
    }
    database.run("UPDATE face_chunk SET faces = $2 WHERE id = $1", {chunk, contents.faces});
  }
}

std::size_t fold_chunks(SqlDatabase& database) {
  std::vector<std::pair<std::int64_t, std::int64_t>> small;
  database.run("SELECT id, faces FROM face_chunk WHERE faces < $1 ORDER BY id", {kChunkFaces / 2},
               [&](const SqlRow& row) { small.emplace_back(row.integer(0), row.integer(1)); });
  std::size_t folded = 0;
  std::vector<std::int64_t> group;
  std::int64_t faces = 0;
  const auto fold_group = [&] {
    if (group.size() > 1) {
      SqlTransaction transaction(database);
      fold(database, group);
      transaction.commit();
      folded += group.size();
    }
    group.clear();
    faces = 0;
  };
  for (const auto& [chunk, count] : small) {
    if (faces + count > kChunkFaces) fold_group();
    group.push_back(chunk);
    faces += count;
  }
  fold_group();
  return folded;
}

}  // namespace facet::detail
