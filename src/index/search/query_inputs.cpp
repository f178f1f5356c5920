// SPDX-License-Identifier: Apache-2.0
#include "index/search/query_inputs.hpp"

#include <algorithm>
#include <utility>

#include "facet/error.hpp"
#include "index/query/suggestion.hpp"
#include "index/search/face_id.hpp"
#include "index/search/path_pattern.hpp"
#include "index/store/region_table.hpp"
#include "index/store/verdict_table.hpp"

namespace facet::detail {
namespace {

std::vector<const std::vector<bool>*> pointers(const std::vector<std::vector<bool>>& sets) {
  std::vector<const std::vector<bool>*> all;
  for (const std::vector<bool>& set : sets) all.push_back(&set);
  return all;
}

}  // namespace

std::uint16_t photo_day(const PhotoRow& photo) {
  constexpr std::int64_t seconds_a_day = 86'400;
  if (!photo.taken) return 0;
  const std::int64_t seconds = *photo.taken;
  const std::int64_t days =
      seconds >= 0 ? seconds / seconds_a_day : -((-seconds + seconds_a_day - 1) / seconds_a_day);
  return stored_day(days);
}

QueryInputs::QueryInputs(SqlDatabase& database, const Generation& generation, const QueryPlan& plan,
                         const std::map<std::string, StoredFeatures>& likes, FaceSnapshot& snapshot)
    : database_(database), snapshot_(snapshot), uses_dates_(plan.uses_dates) {
  for (const std::size_t place : plan.columns) {
    columns_.push_back(generation.attributes[place].column);
  }
  lay_verdicts_over(generation, plan);
  find_people(plan);
  find_likes(plan, likes);
  find_paths(plan);
}

FaceBlock QueryInputs::block(const FaceSnapshot::Chunk& chunk) {
  FaceBlock block;
  const auto part = [&](auto whole) { return whole.subspan(chunk.first, chunk.count); };
  block.photo = part(snapshot_.photos());
  for (const std::int64_t column : columns_) {
    block.columns.push_back(part(snapshot_.attribute(column)));
  }
  if (uses_dates_) block.day = part(snapshot_.days());
  for (const auto& marks : people_) {
    block.people.push_back(part(std::span<const std::uint8_t>(marks)));
  }
  for (const auto& values : likes_) block.likes.push_back(part(std::span<const float>(values)));
  block.someone = someone();
  block.paths = paths();
  return block;
}

std::vector<const std::vector<bool>*> QueryInputs::someone() const {
  return pointers(someone_);
}

std::vector<const std::vector<bool>*> QueryInputs::paths() const {
  return pointers(paths_);
}

// Places of faces among all; those that are gone are left out.
std::vector<std::size_t> QueryInputs::places_of(
    const std::vector<std::pair<std::uint32_t, int>>& faces) {
  std::multimap<std::uint32_t, std::size_t> wanted;  // photo: place in `faces`
  for (std::size_t i = 0; i < faces.size(); ++i) wanted.emplace(faces[i].first, i);
  std::vector<std::size_t> places(faces.size(), SIZE_MAX);
  if (faces.empty()) return places;
  const std::span<const std::uint32_t> photos = snapshot_.photos();
  std::vector<bool> is_wanted(wanted.rbegin()->first + std::size_t{1});
  for (const auto& [photo, at] : wanted) is_wanted[photo] = true;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    if (photos[i] >= is_wanted.size() || !is_wanted[photos[i]]) continue;
    const std::size_t one[] = {i};
    const int number = snapshot_.read(one, {}).front().number;
    const auto [first, end] = wanted.equal_range(photos[i]);
    for (auto at = first; at != end; ++at) {
      if (faces[at->second].second == number) places[at->second] = i;
    }
  }
  return places;
}

void QueryInputs::lay_verdicts_over(const Generation& generation, const QueryPlan& plan) {
  const VerdictTable table(database_);
  for (std::size_t c = 0; c < plan.columns.size(); ++c) {
    const auto verdicts = table.about(generation.attributes[plan.columns[c]].name);
    std::vector<std::pair<std::uint32_t, int>> faces;
    for (const FaceVerdict& verdict : verdicts) faces.emplace_back(verdict.photo, verdict.number);
    const std::vector<std::size_t> places = places_of(faces);
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (places[i] == SIZE_MAX) continue;
      snapshot_.set_attribute(columns_[c], places[i], verdicts[i].present ? 255 : 0);
    }
  }
}

void QueryInputs::find_people(const QueryPlan& plan) {
  const RegionTable regions(database_);
  for (const std::string& name : plan.people) {
    const auto all = regions.faces_named(name);
    if (all.empty()) {
      throw Error(ErrorCode::invalid_argument,
                  "nobody in the index is called \"" + name + "\"" +
                      did_you_mean(name, regions.names(), "",
                                   "; names come from regions in XMP, which other programs write"));
    }
    std::vector<bool> photos;
    std::vector<std::pair<std::uint32_t, int>> faces;
    for (const auto& [photo, number] : all) {
      if (photos.size() <= photo) photos.resize(photo + std::size_t{1});
      photos[photo] = true;
      if (number > 0) faces.emplace_back(photo, number);
    }
    someone_.push_back(std::move(photos));
    std::vector<std::uint8_t> marks(snapshot_.faces(), 0);
    for (const std::size_t place : places_of(faces)) {
      if (place != SIZE_MAX) marks[place] = 1;
    }
    people_.push_back(std::move(marks));
  }
}

StoredFeatures QueryInputs::features_of(const std::string& face_id) {
  const auto id = read_face_id(face_id);
  if (!id) {
    throw Error(ErrorCode::invalid_argument,
                "like:" + face_id + ": a face id is like 3f9a2c41d0be.1, as search shows it");
  }
  const std::vector<PhotoRow> photos = PhotoTable(database_).with_content(id->content);
  for (const PhotoRow& photo : photos) {
    if (photo.content != photos.front().content) {
      throw Error(ErrorCode::invalid_argument,
                  "like:" + face_id + ": several photos begin so; give more of the id");
    }
  }
  if (photos.empty()) {
    throw Error(ErrorCode::not_found, "like:" + face_id + ": no such face in the index");
  }
  const auto place = snapshot_.find(photos.front().id, id->number);
  if (!place) throw Error(ErrorCode::not_found, "like:" + face_id + ": no such face in the index");
  StoredFeatures found;
  snapshot_.each_features([&](const FaceSnapshot::Chunk& chunk,
                              std::span<const std::int8_t> features,
                              std::span<const float> scales) {
    if (*place < chunk.first || *place >= chunk.first + chunk.count) return;
    const std::size_t width = features.size() / chunk.count;
    const auto own = features.subspan((*place - chunk.first) * width, width);
    found.values.assign(own.begin(), own.end());
    found.scale = scales[*place - chunk.first];
  });
  return found;
}

void QueryInputs::find_likes(const QueryPlan& plan,
                             const std::map<std::string, StoredFeatures>& likes) {
  if (plan.likes.empty()) return;
  std::vector<StoredFeatures> wanted;
  for (const std::string& name : plan.likes) {
    const auto given = likes.find(name);
    wanted.push_back(given != likes.end() ? given->second : features_of(name));
    likes_.emplace_back(snapshot_.faces(), 0.0F);
  }
  bool any = false;
  snapshot_.each_features([&](const FaceSnapshot::Chunk& chunk,
                              std::span<const std::int8_t> features,
                              std::span<const float> scales) {
    any = true;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const std::vector<float> cosines = likeness(wanted[i], features, scales);
      std::copy(cosines.begin(), cosines.end(),
                likes_[i].begin() + static_cast<std::ptrdiff_t>(chunk.first));
    }
  });
  if (!any) {
    throw Error(ErrorCode::unsupported, database_.name() +
                                            ": holds no features to compare faces by; facet index "
                                            "--features --reindex adds them");
  }
}

void QueryInputs::find_paths(const QueryPlan& plan) {
  if (plan.paths.empty()) return;
  std::vector<PathPattern> patterns;
  for (const std::string& text : plan.paths) patterns.emplace_back(text);
  std::map<std::int64_t, std::string> folders;
  database_.run("SELECT id, path FROM folder", {}, [&](const SqlRow& row) {
    folders.emplace(row.integer(0), as_text(row.bytes(1)) + '/');
  });
  paths_.assign(patterns.size(), {});
  std::string path;
  database_.run("SELECT id, folder, name FROM photo", {}, [&](const SqlRow& row) {
    path = folders[row.integer(1)];
    path += as_text(row.bytes(2));
    const auto id = static_cast<std::size_t>(row.integer(0));
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      if (paths_[i].size() <= id) paths_[i].resize(id + 1);
      paths_[i][id] = patterns[i].fits(path);
    }
  });
}

}  // namespace facet::detail
