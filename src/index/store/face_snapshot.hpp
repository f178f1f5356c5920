// SPDX-License-Identifier: Apache-2.0
// The faces of an index as they are now, in memory, as far as somebody asked for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "index/sql/sql_database.hpp"
#include "index/store/face_columns.hpp"

namespace facet::detail {

// Reads columns when they are first asked for; the caller keeps a SqlReading open meanwhile.
class FaceSnapshot {
 public:
  struct Chunk {
    std::int64_t id = 0;
    std::size_t first = 0;  // place of its first face among all
    std::size_t count = 0;
  };

  explicit FaceSnapshot(SqlDatabase& database);

  [[nodiscard]] std::size_t faces() const { return faces_; }
  [[nodiscard]] const std::vector<Chunk>& chunks() const { return chunks_; }

  // One value a face; 0 for faces of chunks that lack the column.
  [[nodiscard]] std::span<const std::uint32_t> photos();
  [[nodiscard]] std::span<const std::uint16_t> days();
  [[nodiscard]] std::span<const std::uint8_t> attribute(std::int64_t column);
  // Overwrites an attribute of one face in memory.
  void set_attribute(std::int64_t column, std::size_t face, std::uint8_t value);

  // Calls take(chunk, features, scales) for each chunk that has features.
  template <typename Take>
  void each_features(Take take) {
    for (const Chunk& chunk : chunks_) {
      const std::vector<std::byte> features = chunk_column(chunk, FaceColumn::feature);
      const std::vector<std::byte> scales = chunk_column(chunk, FaceColumn::scale);
      if (features.empty() || scales.size() != chunk.count * sizeof(float)) continue;
      std::vector<float> values(chunk.count);
      std::memcpy(values.data(), scales.data(), scales.size());
      take(chunk, std::span(reinterpret_cast<const std::int8_t*>(features.data()), features.size()),
           std::span<const float>(values));
    }
  }

  // Place of a face among all.
  [[nodiscard]] std::optional<std::size_t> find(std::uint32_t photo, int number);
  // Places of all faces of a photo, in order; they are neighbours.
  struct Neighbours {
    std::size_t first = 0;
    std::size_t count = 0;
  };
  [[nodiscard]] Neighbours of_photo(std::uint32_t photo);
  [[nodiscard]] std::vector<StoredFace> read_photo(std::uint32_t photo,
                                                   std::span<const std::int64_t> attribute_columns,
                                                   bool with_features = false);

  // What is kept of some faces, with the attributes of the given columns; their features too where
  // there are and `with_features` is true.
  [[nodiscard]] std::vector<StoredFace> read(std::span<const std::size_t> faces,
                                             std::span<const std::int64_t> attribute_columns,
                                             bool with_features = false);

 private:
  template <typename Value>
  std::vector<Value> whole_column(std::int64_t column);
  std::vector<std::byte> chunk_column(const Chunk& chunk, std::int64_t column);
  [[nodiscard]] const Chunk& chunk_of(std::size_t face) const;
  std::size_t features_width(const Chunk& chunk);

  SqlDatabase& database_;
  std::vector<Chunk> chunks_;
  std::size_t faces_ = 0;
  std::vector<std::uint32_t> photos_;
  std::vector<std::uint16_t> days_;
  std::vector<std::uint32_t> first_face_;  // place of each photo's first face, plus 1, by its id
  std::map<std::int64_t, std::vector<std::uint8_t>> attributes_;
};

}  // namespace facet::detail
