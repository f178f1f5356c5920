// SPDX-License-Identifier: Apache-2.0
#include "index/store/photo_table.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "index/store/face_columns.hpp"

namespace facet::detail {
namespace {

const std::string columns =
    "photo.id, folder.path, photo.name, photo.size, photo.modified, photo.sidecar, photo.content, "
    "photo.look, photo.taken, photo.width, photo.height, photo.status, photo.reason, photo.faces, "
    "photo.generation, photo.gone FROM photo JOIN folder ON folder.id = photo.folder";

PhotoRow read_row(const SqlRow& row) {
  PhotoRow photo;
  photo.id = static_cast<std::uint32_t>(row.integer(0));
  photo.folder = as_text(row.bytes(1));
  photo.name = as_text(row.bytes(2));
  photo.state = {row.integer(3), row.integer(4), row.integer(5)};
  if (!row.is_null(6)) photo.content = as_content(row.bytes(6));
  if (!row.is_null(7)) photo.look = static_cast<std::uint64_t>(row.integer(7));
  if (!row.is_null(8)) photo.taken = row.integer(8);
  photo.width = static_cast<int>(row.integer(9));
  photo.height = static_cast<int>(row.integer(10));
  photo.status = static_cast<PhotoStatus>(row.integer(11));
  if (!row.is_null(12)) photo.reason = std::string(row.text(12));
  photo.faces = static_cast<int>(row.integer(13));
  photo.generation = static_cast<int>(row.integer(14));
  photo.gone = row.integer(15) != 0;
  return photo;
}

std::optional<SqlBytes> content_bytes(const PhotoRow& photo) {
  if (!photo.content) return std::nullopt;
  return as_sql_bytes(*photo.content);
}

std::optional<std::int64_t> look_number(const PhotoRow& photo) {
  if (!photo.look) return std::nullopt;
  return static_cast<std::int64_t>(*photo.look);
}

std::optional<std::string_view> reason_text(const PhotoRow& photo) {
  if (photo.reason.empty()) return std::nullopt;
  return photo.reason;
}

// The first content that begins with the digits, or the last one.
ContentHash filled(std::string_view hex_digits, std::uint8_t rest) {
  ContentHash content{};
  content.fill(static_cast<std::uint8_t>(rest << 4U | rest));
  for (std::size_t i = 0; i < hex_digits.size() && i < 2 * content.size(); ++i) {
    const char c = hex_digits[i];
    const auto digit = static_cast<std::uint8_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    std::uint8_t& byte = content.at(i / 2);
    byte = static_cast<std::uint8_t>(i % 2 == 0 ? (byte & 0x0FU) | (digit << 4U)
                                                : (byte & 0xF0U) | digit);
  }
  return content;
}

}  // namespace

std::string hex_text(const ContentHash& content) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : content) {
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

SqlBytes as_sql_bytes(const ContentHash& content) {
  return std::as_bytes(std::span(content));
}

SqlBytes as_sql_bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string as_text(SqlBytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

ContentHash as_content(SqlBytes bytes) {
  ContentHash content{};
  std::memcpy(content.data(), bytes.data(), std::min(bytes.size(), content.size()));
  return content;
}

std::string PhotoRow::path() const {
  return folder.ends_with('/') ? folder + name : folder + '/' + name;
}

std::int64_t PhotoTable::folder_id(const std::string& path) {
  const auto known = folders_.find(path);
  if (known != folders_.end()) return known->second;
  // A second writer may add the same folder: then its row is taken.
  database_.run("INSERT INTO folder (path) VALUES ($1) ON CONFLICT (path) DO NOTHING",
                {as_sql_bytes(path)});
  const std::int64_t id =
      sql_integer(database_, "SELECT id FROM folder WHERE path = $1", {as_sql_bytes(path)}).value();
  folders_.emplace(path, id);
  return id;
}

std::optional<std::uint32_t> PhotoTable::insert(const PhotoRow& photo) {
  const std::int64_t folder = folder_id(photo.folder);
  const auto id = sql_integer(
      database_,
      "INSERT INTO photo (folder, name, size, modified, sidecar, content, look, taken, width, "
      "height, status, reason, faces, generation, gone) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
      "$9, $10, $11, $12, $13, $14, $15) ON CONFLICT (folder, name) DO NOTHING RETURNING id",
      {folder, as_sql_bytes(photo.name), photo.state.size, photo.state.modified,
       photo.state.sidecar, content_bytes(photo), look_number(photo), photo.taken, photo.width,
       photo.height, static_cast<int>(photo.status), reason_text(photo), photo.faces,
       photo.generation, photo.gone ? 1 : 0});
  if (!id) return std::nullopt;
  return static_cast<std::uint32_t>(*id);
}

bool PhotoTable::update(const PhotoRow& photo, const PhotoRow& before) {
  const std::int64_t old_folder = folder_id(before.folder);
  const std::int64_t folder = folder_id(photo.folder);
  return database_.run(
             "UPDATE photo SET folder = $1, name = $2, size = $3, modified = $4, sidecar = $5, "
             "content = $6, look = $7, taken = $8, width = $9, height = $10, status = $11, reason "
             "= $12, faces = $13, generation = $14, gone = $15 WHERE id = $16 AND folder = $17 AND "
             "name = $18 AND size = $19 AND modified = $20 AND sidecar = $21 AND generation = $22 "
             "AND NOT EXISTS (SELECT 1 FROM photo AS other WHERE other.folder = $1 AND other.name "
             "= $2 AND other.id <> $16)",
             {folder,
              as_sql_bytes(photo.name),
              photo.state.size,
              photo.state.modified,
              photo.state.sidecar,
              content_bytes(photo),
              look_number(photo),
              photo.taken,
              photo.width,
              photo.height,
              static_cast<int>(photo.status),
              reason_text(photo),
              photo.faces,
              photo.generation,
              photo.gone ? 1 : 0,
              photo.id,
              old_folder,
              as_sql_bytes(before.name),
              before.state.size,
              before.state.modified,
              before.state.sidecar,
              before.generation}) == 1;
}

void PhotoTable::set_gone(std::uint32_t id, bool gone) {
  database_.run("UPDATE photo SET gone = $2 WHERE id = $1", {id, gone ? 1 : 0});
}

std::optional<PhotoRow> PhotoTable::find(std::uint32_t id) const {
  std::optional<PhotoRow> photo;
  database_.run("SELECT " + columns + " WHERE photo.id = $1", {id},
                [&](const SqlRow& row) { photo = read_row(row); });
  return photo;
}

void PhotoTable::each(const std::function<void(const PhotoRow&)>& take) const {
  database_.run("SELECT " + columns, {}, [&](const SqlRow& row) { take(read_row(row)); });
}

void PhotoTable::each_bare(const std::function<void(const PhotoRow&)>& take) const {
  database_.run("SELECT " + columns + " WHERE photo.faces = 0 AND photo.status <> $1",
                {static_cast<int>(PhotoStatus::unreadable)},
                [&](const SqlRow& row) { take(read_row(row)); });
}

void PhotoTable::each_unreadable(const std::function<void(const PhotoRow&)>& take) const {
  database_.run("SELECT " + columns + " WHERE photo.status = $1",
                {static_cast<int>(PhotoStatus::unreadable)},
                [&](const SqlRow& row) { take(read_row(row)); });
}

std::vector<PhotoRow> PhotoTable::at_path(const std::string& path) const {
  const std::filesystem::path whole(path);
  const std::string folder = whole.parent_path().string();
  const std::string name = whole.filename().string();
  std::vector<PhotoRow> photos;
  database_.run("SELECT " + columns + " WHERE folder.path = $1 AND photo.name = $2",
                {as_sql_bytes(folder), as_sql_bytes(name)},
                [&](const SqlRow& row) { photos.push_back(read_row(row)); });
  return photos;
}

std::vector<PhotoRow> PhotoTable::with_content(std::string_view hex_digits) const {
  const ContentHash first = filled(hex_digits, 0);
  const ContentHash last = filled(hex_digits, 0xF);
  std::vector<PhotoRow> photos;
  database_.run("SELECT " + columns + " WHERE photo.content >= $1 AND photo.content <= $2",
                {as_sql_bytes(first), as_sql_bytes(last)},
                [&](const SqlRow& row) { photos.push_back(read_row(row)); });
  return photos;
}

void remove_descriptions(SqlDatabase& database, std::span<const std::uint32_t> photos) {
  std::vector<FaceKey> faces;
  for (const std::uint32_t photo : photos) {
    faces.push_back({photo, 0});
    database.run("DELETE FROM crop WHERE id >= $1 AND id < $2",
                 {crop_id(photo, 0), crop_id(photo + 1, 0)});
    database.run("DELETE FROM region WHERE photo = $1", {photo});
    database.run("DELETE FROM verdict_face WHERE photo = $1", {photo});
  }
  remove_faces(database, faces);
}

void remove_photos(SqlDatabase& database, std::span<const std::uint32_t> photos) {
  remove_descriptions(database, photos);
  for (const std::uint32_t photo : photos) {
    database.run("DELETE FROM photo WHERE id = $1", {photo});
  }
}

}  // namespace facet::detail
