// SPDX-License-Identifier: Apache-2.0
#include "index/labels/face_labels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "facet/error.hpp"
#include "index/sidecars/tag_choice.hpp"

namespace facet::detail {
namespace {

// How little is known of something that is so probable, 0…1.
double uncertainty(double p) {
  if (p <= 0 || p >= 1) return 0;
  return -p * std::log2(p) - (1 - p) * std::log2(1 - p);
}

Generation current_generation(SqlDatabase& database) {
  auto generation = GenerationTable(database).current();
  if (!generation) {
    throw Error(ErrorCode::not_found,
                database.name() + ": the index is empty; fill it with facet index");
  }
  return *generation;
}

}  // namespace

LabelReader::LabelReader(SqlDatabase& database, const std::vector<std::string>& attributes)
    : database_(database), generation_(current_generation(database)), snapshot_(database) {
  std::vector<std::string> known;
  for (const IndexAttribute& attribute : generation_.attributes) known.push_back(attribute.name);
  std::set<std::string> said;
  for (FaceVerdict& verdict : VerdictTable(database).about_faces()) {
    said.insert(verdict.attribute);
    const std::uint32_t photo = verdict.photo;
    verdicts_.emplace(photo, std::move(verdict));
  }
  for (const std::string& name : said) {
    if (std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
  }
  const std::set<std::string> chosen = chosen_attributes(attributes, known);
  for (const std::string& name : known) {
    if (!chosen.empty() && !chosen.contains(name)) continue;
    names_.push_back(name);
    const auto at = std::find_if(generation_.attributes.begin(), generation_.attributes.end(),
                                 [&](const IndexAttribute& one) { return one.name == name; });
    const bool predicted = at != generation_.attributes.end();
    thresholds_.push_back(predicted ? at->threshold : 2);
    columns_.push_back(predicted ? at->column : 0);
    if (predicted) (void)snapshot_.attribute(at->column);
  }
}

LabelledPhotoRow LabelReader::read(const PhotoRow& photo) {
  LabelledPhotoRow out{photo, {}};
  std::vector<std::int64_t> columns;
  for (const std::int64_t column : columns_) {
    if (column != 0) columns.push_back(column);
  }
  const auto people = RegionTable(database_).of_photo(photo.id);
  const auto [first, end] = verdicts_.equal_range(photo.id);
  for (const StoredFace& stored : snapshot_.read_photo(photo.id, columns)) {
    LabelledFace face{stored.number, stored.box, stored.score, {}, {}};
    for (const auto& [number, name] : people) {
      if (number == face.number) face.person = name;
    }
    std::size_t next = 0;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      FaceLabel label;
      if (columns_[i] != 0) {
        label.probability = static_cast<float>(stored.attributes[next++]) / 255;
        label.predicted = label.probability >= thresholds_[i];
      }
      for (auto at = first; at != end; ++at) {
        const FaceVerdict& verdict = at->second;
        if (verdict.number != face.number || verdict.attribute != names_[i]) continue;
        label.said = verdict.present;
      }
      face.labels.push_back(label);
    }
    out.faces.push_back(std::move(face));
  }
  return out;
}

std::vector<LabelledPhotoRow> LabelReader::most_uncertain(const std::vector<PhotoRow>& photos,
                                                          std::size_t count) {
  std::array<double, 256> of_byte{};
  for (std::size_t i = 0; i < of_byte.size(); ++i) {
    of_byte.at(i) = uncertainty(static_cast<double>(i) / 255);
  }
  std::map<std::uint32_t, const PhotoRow*> wanted;
  std::set<ContentHash> contents;
  for (const PhotoRow& photo : photos) {
    if (photo.content && contents.insert(*photo.content).second) wanted.emplace(photo.id, &photo);
  }
  std::vector<double> sums(snapshot_.faces(), 0);
  for (const std::int64_t column : columns_) {
    if (column == 0) continue;
    const std::span<const std::uint8_t> values = snapshot_.attribute(column);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += of_byte.at(values[i]);
  }
  std::vector<std::pair<double, std::size_t>> order;
  const std::span<const std::uint32_t> photo_of = snapshot_.photos();
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (wanted.contains(photo_of[i])) order.emplace_back(-sums[i], i);
  }
  std::sort(order.begin(), order.end());
  std::vector<LabelledPhotoRow> found;
  std::map<std::uint32_t, std::size_t> place_of;  // photo: its place in `found`
  for (const auto& [sum, at] : order) {
    if (count == 0) break;
    const PhotoRow& photo = *wanted.at(photo_of[at]);
    const std::size_t one[] = {at};
    const int number = snapshot_.read(one, {}).front().number;
    LabelledPhotoRow whole = read(photo);
    const auto face = std::find_if(whole.faces.begin(), whole.faces.end(),
                                   [&](const LabelledFace& each) { return each.number == number; });
    if (face == whole.faces.end()) continue;
    const bool all_said =
        std::all_of(face->labels.begin(), face->labels.end(),
                    [](const FaceLabel& label) { return label.said.has_value(); });
    if (all_said) continue;
    const auto [place, is_new] = place_of.emplace(photo.id, found.size());
    if (is_new) found.push_back({photo, {}});
    found[place->second].faces.push_back(std::move(*face));
    --count;
  }
  return found;
}

}  // namespace facet::detail
