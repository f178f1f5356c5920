// SPDX-License-Identifier: Apache-2.0
#include "index/run/forget.hpp"

#include <algorithm>
#include <vector>

#include "facet/error.hpp"
#include "index/run/file_scan.hpp"
#include "index/search/face_id.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/photo_table.hpp"
#include "index/store/tombstone_table.hpp"
#include "index/store/verdict_table.hpp"

namespace facet::detail {
namespace {

// The photo and all its copies.
std::vector<PhotoRow> with_copies(SqlDatabase& database, const PhotoRow& photo) {
  if (!photo.content) return {photo};
  return PhotoTable(database).with_content(hex_text(*photo.content));
}

Forgotten forget_photo(SqlDatabase& database, const PhotoRow& photo) {
  const std::vector<PhotoRow> all = with_copies(database, photo);
  std::vector<std::uint32_t> ids;
  SqlTransaction transaction(database);
  for (const PhotoRow& one : all) {
    Tombstones::add_photo(database, one);
    ids.push_back(one.id);
  }
  if (photo.content) VerdictTable(database).forget(*photo.content);
  remove_photos(database, ids);
  transaction.commit();
  return {all.size(), 0};
}

std::vector<PhotoRow> photos_of(SqlDatabase& database, const FaceId& id) {
  std::vector<PhotoRow> photos = PhotoTable(database).with_content(id.content);
  for (const PhotoRow& photo : photos) {
    if (photo.content == photos.front().content) continue;
    throw Error(ErrorCode::invalid_argument,
                id.content + ": several photos begin so; give more of the id");
  }
  return photos;
}

Forgotten forget_face(SqlDatabase& database, const std::string& what, const FaceId& id) {
  std::size_t forgotten = 0;
  SqlTransaction transaction(database);
  for (const PhotoRow& photo : photos_of(database, id)) {
    FaceSnapshot snapshot(database);
    const std::vector<StoredFace> faces = snapshot.read_photo(photo.id, {});
    const auto face = std::find_if(faces.begin(), faces.end(),
                                   [&](const StoredFace& one) { return one.number == id.number; });
    if (face == faces.end()) continue;
    Tombstones::add_face(database, photo, face->box);
    VerdictTable(database).forget(*photo.content, face->box);
    remove_face(database, photo.id, id.number, faces.size() - 1);
    ++forgotten;
  }
  if (forgotten == 0) throw Error(ErrorCode::not_found, what + ": no such face in the index");
  transaction.commit();
  return {0, forgotten};
}

}  // namespace

Forgotten forget(SqlDatabase& database, const std::string& what) {
  const std::vector<PhotoRow> there = PhotoTable(database).at_path(absolute_photo(what));
  if (!there.empty()) return forget_photo(database, there.front());
  if (const auto id = read_face_id(what)) return forget_face(database, what, *id);
  throw Error(ErrorCode::not_found, what + ": no such photo in the index");
}

void remove_face(SqlDatabase& database, std::uint32_t photo, int number, std::size_t left) {
  const FaceKey keys[] = {{photo, number}};
  remove_faces(database, keys);
  for (const char* table : {"region", "verdict_face"}) {
    database.run(std::string("DELETE FROM ") + table + " WHERE photo = $1 AND number = $2",
                 {photo, number});
  }
  database.run("DELETE FROM crop WHERE id = $1", {crop_id(photo, number)});
  database.run("UPDATE photo SET faces = $2, status = $3 WHERE id = $1",
               {photo, left, static_cast<int>(left == 0 ? PhotoStatus::no_face : PhotoStatus::ok)});
}

bool allow_again(SqlDatabase& database, const std::string& path) {
  SqlTransaction transaction(database);
  const bool lifted = Tombstones::lift(database, absolute_photo(path)) > 0;
  transaction.commit();
  return lifted;
}

void wipe(SqlDatabase& database) {
  SqlTransaction transaction(database);
  for (const char* table : {"photo", "folder", "face_chunk", "face_column", "crop", "region",
                            "verdict", "verdict_face", "threshold", "attribute", "generation"}) {
    database.run(std::string("DELETE FROM ") + table);
  }
  transaction.commit();
}

void erase_traces(SqlDatabase& database) {
  database.vacuum();
}

}  // namespace facet::detail
