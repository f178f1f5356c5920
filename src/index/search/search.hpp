// SPDX-License-Identifier: Apache-2.0
// Asks an index.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "index/query/query.hpp"
#include "index/query/vocabulary.hpp"
#include "index/search/likeness.hpp"
#include "index/sql/sql_database.hpp"
#include "index/store/generation_table.hpp"
#include "index/store/photo_table.hpp"

namespace facet::detail {

struct SearchOptions {
  std::size_t most = 50;            // photos; 0: all
  std::size_t most_uncertain = 10;  // photos that are shown apart
  float certain = 0.5F;             // from this probability of the whole query on
  float uncertain = 0.2F;           // from this one on it is uncertain
  bool each_look_once = false;      // of near duplicates only the best
  bool all_attributes = false;      // of the faces found, not only those that were asked for
  // Features by the name that like: uses; face ids need not be here.
  std::map<std::string, StoredFeatures> likes;
};

struct FoundAttribute {
  std::string name;
  float probability = 0;
  bool said = false;  // by a person
};

struct FoundFace {
  int number = 0;
  float probability = 0;  // of the whole query
  StoredBox box;
  float score = 0;
  std::string person;  // where somebody named it
  std::vector<FoundAttribute> attributes;
};

struct FoundPhoto {
  PhotoRow photo;
  float probability = 0;         // of the best face, or of the photo
  std::vector<FoundFace> faces;  // that fit, best first; none where only the photo was asked about
};

struct SearchResult {
  std::vector<FoundPhoto> certain;    // most probable first
  std::vector<FoundPhoto> uncertain;  // the same
  std::size_t certain_photos = 0;     // how many there are, shown or not
  std::size_t uncertain_photos = 0;
  std::size_t faces = 0;  // in the index
};

class Searcher {
 public:
  // Throws Error(not_found) for an index that nothing was ever added to.
  explicit Searcher(SqlDatabase& database);

  [[nodiscard]] const Vocabulary& vocabulary() const { return vocabulary_; }
  [[nodiscard]] const Generation& generation() const { return generation_; }

  // Throws QueryError (words, faces that there are not), Error(unsupported) for like: in an index
  // without features.
  SearchResult search(const QueryNode& query, const SearchOptions& options = {});

 private:
  SqlDatabase& database_;
  Generation generation_;
  Vocabulary vocabulary_;
};

}  // namespace facet::detail
