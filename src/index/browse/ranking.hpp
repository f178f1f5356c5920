// SPDX-License-Identifier: Apache-2.0
// All that a query finds, in order, to be shown a page at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "index/query/query.hpp"
#include "index/query/vocabulary.hpp"
#include "index/sql/sql_database.hpp"
#include "index/store/generation_table.hpp"

namespace facet::detail {

enum class RankBy { faces, photos };

// A face that fits: the how-manieth of its photo.
struct RankedFace {
  float probability = 0;  // of the whole query
  std::uint32_t photo = 0;
  std::uint16_t place = 0;  // from 0
};

// A photo, and which of the ranking's faces are its.
struct RankedPhoto {
  float probability = 0;
  std::uint32_t photo = 0;
  std::uint32_t first_face = 0;
  std::uint32_t faces = 0;  // that fit, best first; none where only the photo was asked about
};

struct Ranking {
  RankBy by = RankBy::faces;
  std::vector<RankedFace> faces;    // by faces: the items; by photos: those of each photo
  std::vector<RankedPhoto> photos;  // by photos: the items
  std::size_t certain = 0;          // of the items, the first so many
  std::size_t faces_searched = 0;
  std::vector<std::size_t> asked;  // attributes that the query names, places in the generation

  [[nodiscard]] std::size_t size() const {
    return by == RankBy::faces ? faces.size() : photos.size();
  }
};

struct RankingOptions {
  RankBy by = RankBy::faces;
  float certain = 0.5F;    // from this probability of the whole query on
  float uncertain = 0.2F;  // items below are left out
};

// The most probable first, of equal ones the newest. Without a query: all. Throws QueryError, and
// Error(unsupported) for like: in an index without features.
Ranking rank(SqlDatabase& database, const Generation& generation,
             const std::optional<QueryNode>& query, const RankingOptions& options = {});

// Whether the query compares faces: its numbers are then no probabilities.
bool asks_for_likeness(const QueryNode& query);

// Throws Error(not_found) for an index that nothing was ever added to.
Generation current_generation(SqlDatabase& database);
Vocabulary vocabulary_of(const Generation& generation);

}  // namespace facet::detail
