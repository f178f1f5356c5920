// SPDX-License-Identifier: Apache-2.0
// All that an index knows of single faces and photos.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/search/face_id.hpp"
#include "index/sql/sql_database.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/generation_table.hpp"
#include "index/store/photo_table.hpp"

namespace facet::detail {

struct KnownAttribute {
  std::string name;
  float probability = 0;     // predicted; 0 for what the model does not know
  bool predicted = false;    // whether that reaches the attribute's threshold
  std::optional<bool> said;  // by a person

  [[nodiscard]] bool present() const { return said.value_or(predicted); }
};

struct KnownFace {
  int number = 0;
  StoredBox box;
  float score = 0;
  std::string person;                      // where somebody named it
  std::vector<KnownAttribute> attributes;  // of the generation, then what only people spoke of
};

struct KnownPhoto {
  PhotoRow photo;
  std::vector<KnownFace> faces;
};

// Several questions of one state of the index: the caller keeps a SqlReading open meanwhile.
class FaceReader {
 public:
  FaceReader(SqlDatabase& database, const Generation& generation);

  // Nothing where the photo is gone from the index.
  std::optional<KnownPhoto> photo(std::uint32_t id);
  // The same with those faces alone, by their places in the photo, in that order.
  std::optional<KnownPhoto> photo(std::uint32_t id, std::span<const std::size_t> places);

  [[nodiscard]] const Generation& generation() const { return generation_; }

 private:
  SqlDatabase& database_;
  const Generation& generation_;
  FaceSnapshot snapshot_;
  std::vector<std::int64_t> columns_;
};

// The rows of the photo whose content begins with these hex digits: copies, those that are there
// first. Throws Error: not_found, invalid_argument (several photos begin so).
std::vector<PhotoRow> photos_of(SqlDatabase& database, std::string_view content);

// A face by its name. Throws the same.
struct NamedFace {
  PhotoRow photo;
  KnownFace face;
};
NamedFace find_face(SqlDatabase& database, FaceReader& reader, std::string_view id);

}  // namespace facet::detail
