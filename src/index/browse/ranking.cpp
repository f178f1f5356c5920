// SPDX-License-Identifier: Apache-2.0
#include "index/browse/ranking.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>

#include "facet/error.hpp"
#include "index/query/evaluate.hpp"
#include "index/query/query_plan.hpp"
#include "index/search/query_inputs.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/photo_table.hpp"

namespace facet::detail {
namespace {

// Neighbours among all faces.
struct PhotoFaces {
  std::uint32_t photo = 0;
  std::size_t first = 0;
  std::size_t count = 0;
};

// What items are put in order by.
struct Key {
  float probability = 0;
  std::uint16_t day = 0;
  std::uint32_t photo = 0;
  std::size_t face = 0;

  bool operator<(const Key& other) const {
    return std::tuple(-probability, -int{day}, photo, face) <
           std::tuple(-other.probability, -int{other.day}, other.photo, other.face);
  }
};

class Ranker {
 public:
  Ranker(SqlDatabase& database, const RankingOptions& options)
      : database_(database), options_(options), snapshot_(database) {
    ranking_.by = options.by;
    ranking_.faces_searched = snapshot_.faces();
  }

  Ranking of_all() {
    probabilities_.assign(snapshot_.faces(), 1);
    each_photo([&](const PhotoFaces& faces) { add(faces, true); });
    if (options_.by == RankBy::photos) {
      PhotoTable(database_).each_bare(
          [&](const PhotoRow& photo) { add_bare(photo.id, photo_day(photo), 1); });
    }
    return finish();
  }

  Ranking of(const QueryPlan& plan, const Generation& generation) {
    QueryInputs inputs(database_, generation, plan, {}, snapshot_);
    for (const FaceSnapshot::Chunk& chunk : snapshot_.chunks()) {
      const std::vector<float> p = evaluate(plan, inputs.block(chunk));
      probabilities_.insert(probabilities_.end(), p.begin(), p.end());
    }
    each_photo([&](const PhotoFaces& faces) { add(faces, plan.about_faces); });
    if (options_.by == RankBy::photos && may_hold_without_faces(plan)) {
      const auto someone = inputs.someone();
      const auto paths = inputs.paths();
      PhotoTable(database_).each_bare([&](const PhotoRow& photo) {
        const BarePhoto bare{photo.id, photo_day(photo)};
        add_bare(photo.id, bare.day, evaluate_bare(plan, bare, someone, paths));
      });
    }
    ranking_.asked = plan.columns;
    return finish();
  }

 private:
  template <typename Take>
  void each_photo(Take take) {
    const std::span<const std::uint32_t> photos = snapshot_.photos();
    for (std::size_t first = 0; first < photos.size();) {
      std::size_t end = first + 1;
      while (end < photos.size() && photos[end] == photos[first]) ++end;
      take(PhotoFaces{photos[first], first, end - first});
      first = end;
    }
  }

  // `faces_count`: the faces are asked about, not only the photo.
  void add(const PhotoFaces& faces, bool faces_count) {
    const std::uint16_t day = snapshot_.days()[faces.first];
    float best = 0;
    for (std::size_t i = 0; i < faces.count; ++i) {
      const float p = probabilities_[faces.first + i];
      best = std::max(best, p);
      if (options_.by == RankBy::faces && p >= options_.uncertain) {
        order_.push_back({p, day, faces.photo, i});
      }
    }
    if (options_.by == RankBy::faces || best < options_.uncertain) return;
    order_.push_back({best, day, faces.photo, photos_.size()});
    photos_.push_back(faces_count ? faces : PhotoFaces{faces.photo, 0, 0});
  }

  void add_bare(std::uint32_t photo, std::uint16_t day, float p) {
    if (p < options_.uncertain) return;
    order_.push_back({p, day, photo, photos_.size()});
    photos_.push_back({photo, 0, 0});
  }

  Ranking finish() {
    std::sort(order_.begin(), order_.end());
    for (const Key& key : order_) {
      if (key.probability >= options_.certain) ++ranking_.certain;
      if (options_.by == RankBy::faces) {
        ranking_.faces.push_back(
            {key.probability, key.photo, static_cast<std::uint16_t>(key.face)});
      } else {
        add_photo(key);
      }
    }
    return std::move(ranking_);
  }

  // With its faces that fit, the best first.
  void add_photo(const Key& key) {
    const PhotoFaces& faces = photos_[key.face];
    const float least = key.probability >= options_.certain ? options_.certain : options_.uncertain;
    const auto first = static_cast<std::ptrdiff_t>(ranking_.faces.size());
    for (std::size_t i = 0; i < faces.count; ++i) {
      const float p = probabilities_[faces.first + i];
      if (p >= least) {
        ranking_.faces.push_back({p, faces.photo, static_cast<std::uint16_t>(i)});
      }
    }
    std::stable_sort(
        ranking_.faces.begin() + first, ranking_.faces.end(),
        [](const RankedFace& a, const RankedFace& b) { return a.probability > b.probability; });
    const auto count = ranking_.faces.size() - static_cast<std::size_t>(first);
    ranking_.photos.push_back({key.probability, key.photo, static_cast<std::uint32_t>(first),
                               static_cast<std::uint32_t>(count)});
  }

  SqlDatabase& database_;
  const RankingOptions& options_;
  FaceSnapshot snapshot_;
  Ranking ranking_;
  std::vector<float> probabilities_;  // of all faces
  std::vector<Key> order_;
  std::vector<PhotoFaces> photos_;  // by photos: what key.face says
};

}  // namespace

Ranking rank(SqlDatabase& database, const Generation& generation,
             const std::optional<QueryNode>& query, const RankingOptions& options) {
  if (!query) {
    const SqlReading reading(database);
    return Ranker(database, options).of_all();
  }
  const QueryPlan plan = plan_query(*query, vocabulary_of(generation));
  const SqlReading reading(database);
  return Ranker(database, options).of(plan, generation);
}

bool asks_for_likeness(const QueryNode& query) {
  if (query.kind == QueryNode::Kind::like) return true;
  return std::any_of(query.children.begin(), query.children.end(), asks_for_likeness);
}

Generation current_generation(SqlDatabase& database) {
  auto generation = GenerationTable(database).current();
  if (!generation) {
    throw Error(ErrorCode::not_found,
                database.name() + ": the index is empty; fill it with facet index");
  }
  return *generation;
}

Vocabulary vocabulary_of(const Generation& generation) {
  std::vector<std::string> names;
  for (const IndexAttribute& attribute : generation.attributes) names.push_back(attribute.name);
  return Vocabulary(std::move(names));
}

}  // namespace facet::detail
