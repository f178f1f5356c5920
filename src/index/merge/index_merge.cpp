// SPDX-License-Identifier: Apache-2.0
#include "index/merge/index_merge.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "facet/error.hpp"
#include "index/merge/merged_faces.hpp"
#include "index/merge/merged_photos.hpp"
#include "index/run/forget.hpp"
#include "index/run/run_lock.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/generation_table.hpp"
#include "index/store/tombstone_table.hpp"
#include "index/store/verdict_table.hpp"

namespace facet::detail {
namespace {

std::string text_of(SqlBytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// What was forgotten in one index is forgotten in the other, too.
void copy_tombstones(SqlDatabase& from, SqlDatabase& out) {
  const std::string columns = "SELECT content, place, x, y, width, height, made FROM tombstone";
  const auto key = [](const SqlRow& row) {
    std::string text;
    for (int column = 0; column < 2; ++column) {
      if (!row.is_null(column)) text += text_of(row.bytes(column));
      text += '/';
    }
    for (int column = 2; column < 6; ++column) {
      text += row.is_null(column) ? "-" : std::to_string(row.integer(column));
      text += '/';
    }
    return text;
  };
  std::set<std::string> known;
  out.run(columns, {}, [&](const SqlRow& row) { known.insert(key(row)); });
  from.run(columns, {}, [&](const SqlRow& row) {
    if (!known.insert(key(row)).second) return;
    const auto bytes = [&](int column) {
      return row.is_null(column) ? std::optional<SqlBytes>() : row.bytes(column);
    };
    const auto side = [&](int column) {
      return row.is_null(column) ? std::optional<std::int64_t>() : row.integer(column);
    };
    out.run(
        "INSERT INTO tombstone (content, place, x, y, width, height, made) VALUES ($1, $2, $3, $4, "
        "$5, $6, $7)",
        {bytes(0), bytes(1), side(2), side(3), side(4), side(5), row.integer(6)});
  });
}

void copy_verdicts(SqlDatabase& from, SqlDatabase& out) {
  from.run("SELECT content, x, y, width, height, attribute, present, said FROM verdict", {},
           [&](const SqlRow& row) {
             out.run(
                 "INSERT INTO verdict (content, x, y, width, height, attribute, present, said) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (content, x, y, width, "
                 "height, attribute) DO UPDATE SET present = excluded.present, said = "
                 "excluded.said WHERE excluded.said > verdict.said",
                 {row.bytes(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4),
                  row.text(5), row.integer(6), row.integer(7)});
           });
}

// Photos that fit, with all of `out` read before anything is done to them.
template <typename Fits>
std::vector<PhotoRow> photos_that(SqlDatabase& out, Fits fits) {
  std::vector<PhotoRow> photos;
  PhotoTable(out).each([&](const PhotoRow& photo) {
    if (fits(photo)) photos.push_back(photo);
  });
  return photos;
}

void apply_verdicts(SqlDatabase& out) {
  std::set<ContentHash> judged;
  for (const Verdict& verdict : VerdictTable(out).all()) judged.insert(verdict.content);
  if (judged.empty()) return;
  FaceSnapshot snapshot(out);
  for (const PhotoRow& photo : photos_that(out, [&](const PhotoRow& one) {
         return one.content && one.faces > 0 && judged.contains(*one.content);
       })) {
    VerdictTable(out).apply(photo.id, *photo.content, snapshot.read_photo(photo.id, {}));
  }
}

// Takes out what any of the indexes says was forgotten. Returns how many photos.
std::size_t apply_tombstones(SqlDatabase& out, const Tombstones& tombstones) {
  const std::vector<PhotoRow> forgotten =
      photos_that(out, [&](const PhotoRow& photo) { return is_forgotten(tombstones, photo); });
  std::vector<std::uint32_t> ids;
  for (const PhotoRow& photo : forgotten) ids.push_back(photo.id);
  remove_photos(out, ids);
  std::vector<ContentHash> contents;
  for (const Verdict& verdict : VerdictTable(out).all()) {
    if (tombstones.photo(verdict.content, {})) contents.push_back(verdict.content);
  }
  for (const ContentHash& content : contents) VerdictTable(out).forget(content);
  for (const PhotoRow& photo : photos_that(out, [&](const PhotoRow& one) {
         return one.faces > 0 && one.content && tombstones.has_faces(*one.content, one.path());
       })) {
    FaceSnapshot snapshot(out);
    std::vector<StoredFace> faces = snapshot.read_photo(photo.id, {});
    for (std::size_t left = faces.size(); const StoredFace& face : faces) {
      if (!tombstones.face(*photo.content, photo.path(), face.box)) continue;
      VerdictTable(out).forget(*photo.content, face.box);
      remove_face(out, photo.id, face.number, --left);
    }
  }
  return forgotten.size();
}

void keep_crop_setting(SqlDatabase& from, SqlDatabase& out) {
  const auto side = sql_text(from, "SELECT value FROM setting WHERE name = 'crops'");
  if (!side) return;
  out.run("INSERT INTO setting (name, value) VALUES ('crops', $1) ON CONFLICT (name) DO NOTHING",
          {*side});
}

}  // namespace

void check_mergeable(std::span<SqlDatabase* const> indexes) {
  std::set<std::string> names;
  std::optional<Generation> first;
  std::string first_name;
  for (SqlDatabase* const index : indexes) {
    if (!names.insert(index->name()).second) {
      throw Error(ErrorCode::invalid_argument, index->name() + ": is named twice");
    }
    const GenerationTable table(*index);
    const auto generation = table.current();
    if (!generation) continue;
    if (table.outdated_photos() > 0) {
      throw Error(ErrorCode::invalid_argument,
                  index->name() +
                      ": holds photos that another model or other options described; facet index "
                      "--reindex first");
    }
    if (!first) {
      first = generation;
      first_name = index->name();
      continue;
    }
    const std::string differs = difference(*generation, *first);
    if (differs.empty()) continue;
    throw Error(ErrorCode::invalid_argument,
                index->name() + ": was made with " + differs + " as " + first_name);
  }
}

MergeCounts merge_indexes(SqlDatabase& out, std::span<SqlDatabase* const> others) {
  std::vector<SqlDatabase*> all = {&out};
  all.insert(all.end(), others.begin(), others.end());
  check_mergeable(all);
  RunLock lock(out);
  std::vector<std::unique_ptr<SqlReading>> readings;
  for (SqlDatabase* const other : others) readings.push_back(std::make_unique<SqlReading>(*other));

  SqlTransaction transaction(out);
  for (SqlDatabase* const other : others) copy_tombstones(*other, out);
  const Tombstones tombstones(out);
  MergedPhotos photos(out);
  MergeCounts counts;
  for (SqlDatabase* const other : others) {
    const auto from = GenerationTable(*other).current();
    if (!from) continue;
    auto generation = GenerationTable(out).current();
    if (!generation) generation = GenerationTable(out).begin(*from);
    const PhotoIds ids = photos.take(*other, tombstones, generation->id, counts);
    copy_faces(*other, *from, out, *generation, ids);
    copy_crops(*other, out, ids);
    copy_regions(*other, out, ids);
    copy_verdicts(*other, out);
    keep_crop_setting(*other, out);
  }
  counts.forgotten += apply_tombstones(out, tombstones);
  apply_verdicts(out);
  transaction.commit();
  if (lock.try_alone()) fold_chunks(out);
  return counts;
}

}  // namespace facet::detail
