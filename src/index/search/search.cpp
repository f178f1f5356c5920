// SPDX-License-Identifier: Apache-2.0
#include "index/search/search.hpp"

#include <algorithm>
#include <utility>

#include "facet/error.hpp"
#include "index/photo_file/content_hash.hpp"
#include "index/query/evaluate.hpp"
#include "index/query/query_plan.hpp"
#include "index/search/query_inputs.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/region_table.hpp"
#include "index/store/verdict_table.hpp"

namespace facet::detail {
namespace {

// A photo that may be shown.
struct Candidate {
  float probability = 0;
  std::uint32_t photo = 0;
  std::size_t first = 0;  // place of its first face
  std::size_t count = 0;  // of its faces

  bool operator<(const Candidate& other) const {
    if (probability != other.probability) return probability > other.probability;
    return photo < other.photo;
  }
};

// The best, and how many there are.
class Ranking {
 public:
  Ranking(std::size_t most, bool shows_all) : most_(shows_all ? SIZE_MAX : most) {}

  void add(const Candidate& candidate) {
    ++count_;
    if (candidate.probability < least_) return;
    candidates_.push_back(candidate);
    // Keeps the work small where much fits.
    if (candidates_.size() > 4096 && candidates_.size() / 4 > most_) cut();
  }
  [[nodiscard]] std::size_t count() const { return count_; }
  std::vector<Candidate> take() {
    std::sort(candidates_.begin(), candidates_.end());
    return std::move(candidates_);
  }

 private:
  void cut() {
    const auto end = candidates_.begin() + static_cast<std::ptrdiff_t>(most_);
    std::nth_element(candidates_.begin(), end, candidates_.end());
    least_ = end->probability;
    candidates_.erase(end, candidates_.end());
  }

  std::size_t most_;
  float least_ = 0;  // what is less probable is not among the best
  std::size_t count_ = 0;
  std::vector<Candidate> candidates_;
};

Generation current_generation(SqlDatabase& database) {
  auto generation = GenerationTable(database).current();
  if (!generation) {
    throw Error(ErrorCode::not_found, database.name() +
                                          ": the index is empty; fill it with facet "
                                          "index");
  }
  return *generation;
}

std::vector<std::string> names_of(const Generation& generation) {
  std::vector<std::string> names;
  for (const IndexAttribute& attribute : generation.attributes) names.push_back(attribute.name);
  return names;
}

class Search {
 public:
  Search(SqlDatabase& database, const Generation& generation, const QueryPlan& plan,
         const SearchOptions& options)
      : database_(database),
        generation_(generation),
        plan_(plan),
        options_(options),
        snapshot_(database),
        inputs_(database, generation, plan, options.likes, snapshot_),
        certain_(kept(options.most), options.most == 0),
        uncertain_(kept(options.most_uncertain), options.most == 0),
        has_names_(has_rows("region")),
        has_verdicts_(has_rows("verdict_face")) {}

  SearchResult run() {
    for (const FaceSnapshot::Chunk& chunk : snapshot_.chunks()) {
      const std::vector<float> p = evaluate(plan_, inputs_.block(chunk));
      rank(chunk, p);
      probabilities_.insert(probabilities_.end(), p.begin(), p.end());
    }
    if (may_hold_without_faces(plan_)) rank_bare_photos();
    SearchResult result;
    result.faces = snapshot_.faces();
    result.certain_photos = certain_.count();
    result.uncertain_photos = uncertain_.count();
    show(certain_.take(), options_.most, result.certain);
    show(uncertain_.take(), options_.most == 0 ? 0 : options_.most_uncertain, result.uncertain);
    return result;
  }

 private:
  [[nodiscard]] bool has_rows(const char* table) const {
    return sql_integer(database_, std::string("SELECT 1 FROM ") + table + " LIMIT 1").has_value();
  }

  // More than is shown where some of them may turn out to be near duplicates.
  [[nodiscard]] std::size_t kept(std::size_t shown) const {
    return options_.each_look_once ? 20 * shown : shown;
  }

  void rank(const FaceSnapshot::Chunk& chunk, const std::vector<float>& p) {
    const std::span<const std::uint32_t> photo =
        snapshot_.photos().subspan(chunk.first, chunk.count);
    for (std::size_t first = 0; first < p.size();) {
      std::size_t end = first + 1;
      float best = p[first];
      for (; end < p.size() && photo[end] == photo[first]; ++end) best = std::max(best, p[end]);
      if (best >= options_.uncertain) {
        add({best, photo[first], chunk.first + first, end - first});
      }
      first = end;
    }
  }

  void rank_bare_photos() {
    const auto someone = inputs_.someone();
    const auto paths = inputs_.paths();
    PhotoTable(database_).each_bare([&](const PhotoRow& photo) {
      const BarePhoto bare{photo.id, photo_day(photo)};
      const float p = evaluate_bare(plan_, bare, someone, paths);
      if (p >= options_.uncertain) add({p, photo.id, 0, 0});
    });
  }

  void add(const Candidate& candidate) {
    (candidate.probability >= options_.certain ? certain_ : uncertain_).add(candidate);
  }

  void show(const std::vector<Candidate>& candidates, std::size_t most,
            std::vector<FoundPhoto>& found) {
    const PhotoTable photos(database_);
    for (const Candidate& candidate : candidates) {
      if (most != 0 && found.size() == most) return;
      const auto row = photos.find(candidate.photo);
      if (!row) continue;
      if (options_.each_look_once && row->look) {
        const bool known = std::any_of(looks_.begin(), looks_.end(), [&](std::uint64_t look) {
          return look_distance(look, *row->look) <= kNearDuplicate;
        });
        if (known) continue;
        looks_.push_back(*row->look);
      }
      found.push_back({*row, candidate.probability, faces_of(candidate)});
    }
  }

  // Those that fit, the best first.
  [[nodiscard]] std::vector<std::size_t> fitting_faces(const Candidate& candidate) const {
    const bool certain = candidate.probability >= options_.certain;
    const float least = certain ? options_.certain : options_.uncertain;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; plan_.about_faces && i < candidate.count; ++i) {
      if (probabilities_[candidate.first + i] >= least) places.push_back(candidate.first + i);
    }
    std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
      return probabilities_[a] > probabilities_[b];
    });
    return places;
  }

  std::vector<FoundFace> faces_of(const Candidate& candidate) {
    const std::vector<std::size_t> places = fitting_faces(candidate);
    if (places.empty()) return {};
    const std::vector<std::size_t> shown = shown_attributes();
    std::vector<std::int64_t> columns;
    for (const std::size_t at : shown) columns.push_back(generation_.attributes[at].column);
    const std::vector<StoredFace> stored = snapshot_.read(places, columns);
    std::vector<std::pair<int, std::string>> names;
    if (has_names_) names = RegionTable(database_).of_photo(candidate.photo);
    std::vector<FaceVerdict> verdicts;
    if (has_verdicts_) verdicts = VerdictTable(database_).of_photo(candidate.photo);
    std::vector<FoundFace> faces;
    for (std::size_t i = 0; i < stored.size(); ++i) {
      FoundFace face;
      face.number = stored[i].number;
      face.probability = probabilities_[places[i]];
      face.box = stored[i].box;
      face.score = stored[i].score;
      for (const auto& [number, name] : names) {
        if (number == face.number) face.person = name;
      }
      for (std::size_t a = 0; a < shown.size(); ++a) {
        FoundAttribute attribute{generation_.attributes[shown[a]].name,
                                 static_cast<float>(stored[i].attributes[a]) / 255, false};
        for (const FaceVerdict& verdict : verdicts) {
          if (verdict.number != face.number || verdict.attribute != attribute.name) continue;
          attribute.said = true;
          attribute.probability = verdict.present ? 1.0F : 0.0F;
        }
        face.attributes.push_back(std::move(attribute));
      }
      faces.push_back(std::move(face));
    }
    return faces;
  }

  [[nodiscard]] std::vector<std::size_t> shown_attributes() const {
    if (!options_.all_attributes) return plan_.columns;
    std::vector<std::size_t> all(generation_.attributes.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    return all;
  }

  SqlDatabase& database_;
  const Generation& generation_;
  const QueryPlan& plan_;
  const SearchOptions& options_;
  FaceSnapshot snapshot_;
  QueryInputs inputs_;
  std::vector<float> probabilities_;  // of all faces
  Ranking certain_;
  Ranking uncertain_;
  std::vector<std::uint64_t> looks_;
  bool has_names_;     // of any face; otherwise nobody asks for each
  bool has_verdicts_;  // the same
};

}  // namespace

Searcher::Searcher(SqlDatabase& database)
    : database_(database),
      generation_(current_generation(database)),
      vocabulary_(names_of(generation_)) {
}

SearchResult Searcher::search(const QueryNode& query, const SearchOptions& options) {
  const QueryPlan plan = plan_query(query, vocabulary_);
  const SqlReading reading(database_);
  return Search(database_, generation_, plan, options).run();
}

}  // namespace facet::detail
