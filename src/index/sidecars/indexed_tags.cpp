// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/indexed_tags.hpp"

#include <utility>

#include "facet/error.hpp"
#include "index/run/file_scan.hpp"
#include "index/store/face_columns.hpp"

namespace facet::detail {

IndexedTags::IndexedTags(SqlDatabase& database, TagChoice choice)
    : database_(database), choice_(std::move(choice)), snapshot_(database) {
  const auto generation = GenerationTable(database).current();
  if (!generation) {
    throw Error(ErrorCode::not_found,
                database.name() + ": the index is empty; fill it with facet index");
  }
  std::vector<std::string> names;
  for (const IndexAttribute& attribute : generation->attributes) names.push_back(attribute.name);
  choice_.attributes =
      chosen_attributes({choice_.attributes.begin(), choice_.attributes.end()}, names);
  for (const IndexAttribute& attribute : generation->attributes) {
    if (!choice_.has(attribute.name)) continue;
    attributes_.push_back(attribute);
    columns_.push_back(attribute.column);
    (void)snapshot_.attribute(attribute.column);  // all at once is quicker than photo by photo
  }
  for (FaceVerdict& verdict : VerdictTable(database).about_faces()) {
    const std::uint32_t photo = verdict.photo;
    verdicts_.emplace(photo, std::move(verdict));
  }
}

PhotoTags IndexedTags::of(const PhotoRow& photo, bool with_faces) {
  PhotoTags tags;
  tags.photo = photo.path();
  tags.width = photo.width;
  tags.height = photo.height;
  const auto [first, end] = verdicts_.equal_range(photo.id);
  for (const StoredFace& face : snapshot_.read_photo(photo.id, columns_)) {
    for (std::size_t i = 0; i < attributes_.size(); ++i) {
      const IndexAttribute& attribute = attributes_[i];
      const float threshold = choice_.least.value_or(
          choice_.threshold_mode == ThresholdMode::balanced ? attribute.threshold_balanced
                                                            : attribute.threshold);
      bool holds = static_cast<float>(face.attributes[i]) / 255 >= threshold;
      for (auto at = first; at != end; ++at) {
        const FaceVerdict& verdict = at->second;
        if (verdict.number != face.number || verdict.attribute != attribute.name) continue;
        holds = verdict.present;
      }
      if (holds) tags.tags.insert(attribute.name);
    }
    if (!with_faces) continue;
    const Box box = pixel_box(face.box, 1, 1);
    tags.faces.push_back({{}, box.centre_x(), box.centre_y(), box.width, box.height});
  }
  return tags;
}

bool is_as_indexed(const PhotoRow& photo) {
  try {
    return look_at_file(photo.path()) == photo.state;
  } catch (const Error&) {
    return false;
  }
}

void remember_sidecars(SqlDatabase& database, const std::vector<PhotoRow>& before) {
  PhotoTable photos(database);
  SqlTransaction transaction(database);
  for (const PhotoRow& photo : before) {
    PhotoRow row = photo;
    try {
      row.state.sidecar = look_at_file(photo.path()).sidecar;
    } catch (const Error&) {
      continue;  // it is gone meanwhile
    }
    if (row.state.sidecar != photo.state.sidecar) photos.update(row, photo);
  }
  transaction.commit();
}

}  // namespace facet::detail
