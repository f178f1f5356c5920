// SPDX-License-Identifier: Apache-2.0
// What a plan is computed from, read from the index.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "index/query/evaluate.hpp"
#include "index/query/query_plan.hpp"
#include "index/search/likeness.hpp"
#include "index/sql/sql_database.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/generation_table.hpp"
#include "index/store/photo_table.hpp"

namespace facet::detail {

// The day on which a photo was taken, as columns hold it; 0 where EXIF does not say it.
std::uint16_t photo_day(const PhotoRow& photo);

class QueryInputs {
 public:
  // Reads all that the plan needs; what people said is laid over what was predicted. Throws
  // Error(invalid_argument) for a face or a person that there is not, Error(unsupported) where
  // faces shall be compared and there are no features.
  QueryInputs(SqlDatabase& database, const Generation& generation, const QueryPlan& plan,
              const std::map<std::string, StoredFeatures>& likes, FaceSnapshot& snapshot);

  [[nodiscard]] FaceBlock block(const FaceSnapshot::Chunk& chunk);
  // Photos by id: those with each person, and those at each path.
  [[nodiscard]] std::vector<const std::vector<bool>*> someone() const;
  [[nodiscard]] std::vector<const std::vector<bool>*> paths() const;

 private:
  void lay_verdicts_over(const Generation& generation, const QueryPlan& plan);
  void find_people(const QueryPlan& plan);
  void find_likes(const QueryPlan& plan, const std::map<std::string, StoredFeatures>& likes);
  void find_paths(const QueryPlan& plan);
  StoredFeatures features_of(const std::string& face_id);
  std::vector<std::size_t> places_of(const std::vector<std::pair<std::uint32_t, int>>& faces);

  SqlDatabase& database_;
  FaceSnapshot& snapshot_;
  bool uses_dates_;
  std::vector<std::int64_t> columns_;
  std::vector<std::vector<std::uint8_t>> people_;
  std::vector<std::vector<bool>> someone_;
  std::vector<std::vector<float>> likes_;
  std::vector<std::vector<bool>> paths_;
};

}  // namespace facet::detail
