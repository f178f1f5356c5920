// SPDX-License-Identifier: Apache-2.0
// What is known of faces, column by column.
//
// face_column.id is the column's number << 32 | the chunk's id; data holds the values of all faces
// of the chunk, one after the other, integers and floats little-endian. A photo's faces lie in one
// chunk, side by side, in the order of their numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "facet/box.hpp"
#include "index/sql/sql_database.hpp"

namespace facet::detail {

// Chunks are folded into such of at most this many faces.
constexpr std::int64_t kChunkFaces = 16'384;

// Columns by number; attributes follow: first_attribute + attribute.id.
struct FaceColumn {
  static constexpr std::int64_t photo = 0;    // 4 bytes
  static constexpr std::int64_t number = 1;   // 2 bytes: the face's number in its photo, from 1
  static constexpr std::int64_t box = 2;      // 8 bytes: StoredBox
  static constexpr std::int64_t score = 3;    // 4 bytes, float
  static constexpr std::int64_t day = 4;      // 2 bytes: stored_day(), 0 where unknown
  static constexpr std::int64_t feature = 5;  // 1 byte each, int8, as many as the model has
  static constexpr std::int64_t scale = 6;    // 4 bytes, float: 1 / length of the features
  static constexpr std::int64_t first_attribute = 16;  // 1 byte each: p · 255
};

constexpr std::int64_t face_column_id(std::int64_t column, std::int64_t chunk) {
  return column << 32 | chunk;
}

// A box in 65535ths of the photo's sides.
struct StoredBox {
  std::uint16_t x = 0;
  std::uint16_t y = 0;
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  friend bool operator==(const StoredBox&, const StoredBox&) = default;
};
StoredBox stored_box(const Box& box, int photo_width, int photo_height);
Box pixel_box(const StoredBox& box, int photo_width, int photo_height);
// Intersection over union of two such boxes of one photo.
float overlap(const StoredBox& a, const StoredBox& b);

// A face as it is kept.
struct StoredFace {
  int number = 0;
  StoredBox box;
  float score = 0;
  std::vector<std::uint8_t> attributes;  // p · 255, in the order of the writer's columns
  std::vector<std::int8_t> features;     // empty where none are kept
  float scale = 0;
};

// p as a byte, and back.
std::uint8_t stored_probability(float p);

// Adds faces. What is appended is in the database after flush(), inside the caller's transaction;
// small chunks of this writer are folded when they are many.
class FaceWriter {
 public:
  // `columns` are the numbers of the attributes' columns.
  FaceWriter(SqlDatabase& database, std::vector<std::int64_t> columns);

  void append(std::uint32_t photo, std::uint16_t day, std::span<const StoredFace> faces);
  void flush();
  // Forgets what was appended and not flushed, e.g. where the transaction failed.
  void discard();

 private:
  struct Pending {
    std::vector<std::vector<std::byte>> columns;
    std::int64_t faces = 0;
  };
  void reset();

  SqlDatabase& database_;
  std::vector<std::int64_t> columns_;
  Pending pending_;
  std::vector<std::int64_t> small_chunks_;  // of this writer
  std::int64_t small_faces_ = 0;            // in them
};

// Takes faces out, with all that was known of them. Inside a transaction.
struct FaceKey {
  std::uint32_t photo = 0;
  int number = 0;  // 0: all faces of the photo; otherwise the others keep their numbers
};
void remove_faces(SqlDatabase& database, std::span<const FaceKey> faces);

// Makes large chunks of small ones, each in a transaction of its own; nobody else may fold at the
// same time. Returns how many chunks were folded.
std::size_t fold_chunks(SqlDatabase& database);

}  // namespace facet::detail
