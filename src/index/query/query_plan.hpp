// SPDX-License-Identifier: Apache-2.0
// A query whose words have been looked up: what has to be computed, and from what.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "index/query/query.hpp"
#include "index/query/vocabulary.hpp"

namespace facet::detail {

struct PlanNode {
  enum class Kind {
    column,      // of a face: its probability in columns[input]
    person,      // of a face: whether it is among people[input]
    similarity,  // of a face: how much it resembles likes[input]
    someone,     // of a photo: whether people[input] is in it, on a face that was found or not
    faces,       // of a photo: whether its number of faces lies in the range
    date,        // of a photo: whether its day lies in the range
    path,        // of a photo: whether it is among paths[input]
    compare,     // whether the child's probability fits the bound
    negation,
    all_of,
    any_of,
    any_face,    // of a photo: that the child holds for some face
    every_face,  // of a photo: that it has faces and the child holds for each
  };
  Kind kind = Kind::column;
  std::size_t input = 0;
  ProbabilityBound bound;
  QueryRange range;
  std::vector<PlanNode> children;
};

struct QueryPlan {
  PlanNode root;
  std::vector<std::size_t> columns;  // places of attributes in the vocabulary, each once
  std::vector<std::string> people;
  std::vector<std::string> likes;
  std::vector<std::string> paths;
  bool uses_dates = false;
  bool about_faces = false;  // a face is asked for, not only something of the photo
};

// Throws QueryError for a word that means nothing, with what was perhaps meant.
QueryPlan plan_query(const QueryNode& query, const Vocabulary& vocabulary);

}  // namespace facet::detail
