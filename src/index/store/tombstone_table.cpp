// SPDX-License-Identifier: Apache-2.0
#include "index/store/tombstone_table.hpp"

#include <algorithm>
#include <optional>

#include "index/photo_file/content_hash.hpp"
#include "index/store/unix_time.hpp"

namespace facet::detail {
namespace {

constexpr float kSameFace = 0.5F;  // overlap

ContentHash place_hash(const std::string& path) {
  return content_hash(as_sql_bytes("facet tombstone\n" + path));
}

}  // namespace

Tombstones::Tombstones(SqlDatabase& database) {
  database.run("SELECT content, place, x, y, width, height FROM tombstone", {},
               [&](const SqlRow& row) {
                 std::optional<StoredBox> box;
                 if (!row.is_null(2)) {
                   const auto side = [&](int column) {
                     return static_cast<std::uint16_t>(row.integer(column));
                   };
                   box = StoredBox{side(2), side(3), side(4), side(5)};
                 }
                 const auto add = [&](Stone& stone) {
                   if (box) {
                     stone.faces.push_back(*box);
                   } else {
                     stone.whole = true;
                   }
                 };
                 if (!row.is_null(0)) add(contents_[as_content(row.bytes(0))]);
                 if (!row.is_null(1)) add(places_[as_content(row.bytes(1))]);
               });
}

bool Tombstones::photo(const ContentHash& content, const std::string& path) const {
  const auto same = contents_.find(content);
  if (same != contents_.end() && same->second.whole) return true;
  if (places_.empty()) return false;
  const auto there = places_.find(place_hash(path));
  return there != places_.end() && there->second.whole;
}

bool Tombstones::face(const ContentHash& content, const std::string& path,
                      const StoredBox& box) const {
  return common_with_face(content, path, box) >= kSameFace;
}

float Tombstones::common_with_face(const ContentHash& content, const std::string& path,
                                   const StoredBox& box) const {
  float most = 0;
  const auto look = [&](const std::map<ContentHash, Stone>& stones, const ContentHash& key) {
    const auto at = stones.find(key);
    if (at == stones.end()) return;
    for (const StoredBox& face : at->second.faces) most = std::max(most, overlap(face, box));
  };
  look(contents_, content);
  if (!places_.empty()) look(places_, place_hash(path));
  return most;
}

bool Tombstones::has_faces(const ContentHash& content, const std::string& path) const {
  const auto has = [](const std::map<ContentHash, Stone>& stones, const ContentHash& key) {
    const auto at = stones.find(key);
    return at != stones.end() && !at->second.faces.empty();
  };
  return has(contents_, content) || (!places_.empty() && has(places_, place_hash(path)));
}

void Tombstones::add_photo(SqlDatabase& database, const PhotoRow& photo) {
  const ContentHash place = place_hash(photo.path());
  std::optional<SqlBytes> content;
  if (photo.content) content = as_sql_bytes(*photo.content);
  database.run("INSERT INTO tombstone (content, place, made) VALUES ($1, $2, $3)",
               {content, as_sql_bytes(place), unix_time()});
}

void Tombstones::add_face(SqlDatabase& database, const PhotoRow& photo, const StoredBox& box) {
  const ContentHash place = place_hash(photo.path());
  std::optional<SqlBytes> content;
  if (photo.content) content = as_sql_bytes(*photo.content);
  database.run(
      "INSERT INTO tombstone (content, place, x, y, width, height, made) VALUES ($1, $2, $3, $4, "
      "$5, $6, $7)",
      {content, as_sql_bytes(place), box.x, box.y, box.width, box.height, unix_time()});
}

std::int64_t Tombstones::lift(SqlDatabase& database, const std::string& path) {
  const ContentHash place = place_hash(path);
  return database.run("DELETE FROM tombstone WHERE place = $1", {as_sql_bytes(place)});
}

}  // namespace facet::detail
