// SPDX-License-Identifier: Apache-2.0
#include "index/browse/known_face.hpp"

#include <algorithm>

#include "facet/error.hpp"
#include "index/store/region_table.hpp"
#include "index/store/verdict_table.hpp"

namespace facet::detail {
namespace {

void take_verdicts(KnownFace& face, const std::vector<FaceVerdict>& verdicts) {
  for (const FaceVerdict& verdict : verdicts) {
    if (verdict.number != face.number) continue;
    auto at =
        std::find_if(face.attributes.begin(), face.attributes.end(),
                     [&](const KnownAttribute& one) { return one.name == verdict.attribute; });
    if (at == face.attributes.end()) {
      at = face.attributes.insert(at, {verdict.attribute, 0, false, std::nullopt});
    }
    at->said = verdict.present;
  }
}

}  // namespace

FaceReader::FaceReader(SqlDatabase& database, const Generation& generation)
    : database_(database), generation_(generation), snapshot_(database) {
  for (const IndexAttribute& one : generation.attributes) columns_.push_back(one.column);
}

std::optional<KnownPhoto> FaceReader::photo(std::uint32_t id) {
  std::vector<std::size_t> places(snapshot_.of_photo(id).count);
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
  return photo(id, places);
}

std::optional<KnownPhoto> FaceReader::photo(std::uint32_t id, std::span<const std::size_t> places) {
  const auto row = PhotoTable(database_).find(id);
  if (!row) return std::nullopt;
  const FaceSnapshot::Neighbours all = snapshot_.of_photo(id);
  std::vector<std::size_t> wanted;
  for (const std::size_t place : places) {
    if (place < all.count) wanted.push_back(all.first + place);
  }
  KnownPhoto known{*row, {}};
  if (wanted.empty()) return known;
  const auto people = RegionTable(database_).of_photo(id);
  const auto verdicts = VerdictTable(database_).of_photo(id);
  for (const StoredFace& stored : snapshot_.read(wanted, columns_)) {
    KnownFace face{stored.number, stored.box, stored.score, {}, {}};
    for (const auto& [number, name] : people) {
      if (number == face.number) face.person = name;
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const IndexAttribute& attribute = generation_.attributes[i];
      const float p = static_cast<float>(stored.attributes[i]) / 255;
      face.attributes.push_back({attribute.name, p, p >= attribute.threshold, std::nullopt});
    }
    take_verdicts(face, verdicts);
    known.faces.push_back(std::move(face));
  }
  return known;
}

std::vector<PhotoRow> photos_of(SqlDatabase& database, std::string_view content) {
  constexpr std::size_t fewest = 4;
  const bool hex = content.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  if (!hex || content.size() < fewest || content.size() > 2 * ContentHash().size()) {
    throw Error(ErrorCode::invalid_argument, std::string(content) + ": is no name of a photo");
  }
  std::vector<PhotoRow> rows = PhotoTable(database).with_content(content);
  if (rows.empty()) {
    throw Error(ErrorCode::not_found,
                std::string(content) + ": the index does not know this photo, or it has changed");
  }
  for (const PhotoRow& row : rows) {
    if (row.content != rows.front().content) {
      throw Error(ErrorCode::invalid_argument,
                  std::string(content) + ": several photos begin so; give more digits");
    }
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const PhotoRow& a, const PhotoRow& b) { return a.gone < b.gone; });
  return rows;
}

NamedFace find_face(SqlDatabase& database, FaceReader& reader, std::string_view id) {
  const auto name = read_face_id(id);
  if (!name) {
    throw Error(ErrorCode::invalid_argument, std::string(id) + ": is no name of a face");
  }
  for (const PhotoRow& row : photos_of(database, name->content)) {
    std::optional<KnownPhoto> known = reader.photo(row.id);
    if (!known) continue;
    for (KnownFace& face : known->faces) {
      if (face.number == name->number) return {row, std::move(face)};
    }
  }
  throw Error(ErrorCode::not_found, std::string(id) + ": the index does not know this face");
}

}  // namespace facet::detail
