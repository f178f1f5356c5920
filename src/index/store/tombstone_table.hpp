// SPDX-License-Identifier: Apache-2.0
// What was forgotten and shall not return: hashes of contents and of places, no picture, no path.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "index/store/face_columns.hpp"
#include "index/store/photo_table.hpp"

namespace facet::detail {

// All tombstones, in memory.
class Tombstones {
 public:
  explicit Tombstones(SqlDatabase& database);

  // True for a photo of that content, or at that path, that was forgotten as a whole.
  [[nodiscard]] bool photo(const ContentHash& content, const std::string& path) const;
  // True for a face there that was forgotten alone: half of both boxes is common.
  [[nodiscard]] bool face(const ContentHash& content, const std::string& path,
                          const StoredBox& box) const;

  // The largest overlap of the box with a face there that was forgotten alone; 0 without.
  [[nodiscard]] float common_with_face(const ContentHash& content, const std::string& path,
                                       const StoredBox& box) const;

  // True where some face there was forgotten alone.
  [[nodiscard]] bool has_faces(const ContentHash& content, const std::string& path) const;

  // Remember from now on; inside a transaction.
  static void add_photo(SqlDatabase& database, const PhotoRow& photo);
  static void add_face(SqlDatabase& database, const PhotoRow& photo, const StoredBox& box);
  // Lets a photo and its faces return. Returns how many stones there were.
  static std::int64_t lift(SqlDatabase& database, const std::string& path);

 private:
  struct Stone {
    bool whole = false;
    std::vector<StoredBox> faces;
  };
  std::map<ContentHash, Stone> contents_;
  std::map<ContentHash, Stone> places_;  // by a hash of the path
};

}  // namespace facet::detail
