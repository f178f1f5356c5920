// SPDX-License-Identifier: Apache-2.0
// What somebody looks for: the query language as a tree, read from text and written back.
//
//   query   = and { "|" and }                      "or" is the same as "|"
//   and     = unary { [ "and" | "," ] unary }
//   unary   = ( "-" | "not" ) unary | primary
//   primary = "(" query ")" | "photo(" query ")" | "all(" query ")" | field | term
//   term    = word [ ( ">" | ">=" | "<" | "<=" ) ( number | percent ) ]
//   field   = "faces:" counts | "date:" days | ( "path:" | "person:" | "like:" ) value
//   counts  = n | n ".." [ m ] | ".." m | ( ">" | ">=" | "<" | "<=" ) n
//   days    = day | [ day ] ".." [ day ] | ( ">" | ">=" | "<" | "<=" ) day;  day = Y | Y-M | Y-M-D
//   word, value = a run of plain characters, or "…" with \" and \\ inside
//
// Small words ("with", "a") and "without" are words here; spoken_query.hpp knows what they mean.
// All terms hold for one face. Inside photo(…) each of them, and each pair of brackets, may hold
// for another face of the photo; inside all(…) the whole holds for every face.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace facet::detail {

// Bytes of the text that a part of a query comes from, for messages.
struct QuerySpan {
  std::size_t first = 0;
  std::size_t count = 0;
};

enum class Comparison { greater, greater_equal, less, less_equal };

// Of a term: how probable it must be.
struct ProbabilityBound {
  Comparison comparison = Comparison::greater;
  double value = 0;  // 0…1
  friend bool operator==(const ProbabilityBound&, const ProbabilityBound&) = default;
};

// Both ends belong to it.
struct QueryRange {
  static constexpr std::int64_t lowest = INT64_MIN;   // no lower end
  static constexpr std::int64_t highest = INT64_MAX;  // no upper end
  std::int64_t first = lowest;
  std::int64_t last = highest;
  friend bool operator==(const QueryRange&, const QueryRange&) = default;
};

struct QueryNode {
  enum class Kind {
    term,        // text: an attribute, a taught head or an everyday word, as typed; bound
    faces,       // range: how many faces the photo shows
    date,        // range: days since 1970-01-01 on which the photo was taken
    path,        // text: part of the path, or a pattern with * and ?
    person,      // text: a name that another program gave to the face
    like,        // text: the id of a face that it shall resemble
    negation,    // of its one child
    all_of,      // two children or more, none of them all_of
    any_of,      // two children or more, none of them any_of
    in_photo,    // photo(…): its one child, of which each item may hold for another face
    one_face,    // brackets inside photo(…) around several items: they hold for one face
    every_face,  // all(…): its one child
  };
  Kind kind = Kind::term;
  std::string text;
  std::optional<ProbabilityBound> bound;
  QueryRange range;
  std::vector<QueryNode> children;
  QuerySpan span;
  // What stands between it and the one before it: nothing or a sign, "and" or a comma, "or".
  enum class Joint { apart, listed, either };
  Joint joint = Joint::apart;
  // From it on so many stood in brackets of their own that say nothing more: a (b c) is a b c.
  std::size_t in_brackets = 0;

  // How and where in the text it stood does not matter.
  friend bool operator==(const QueryNode& a, const QueryNode& b) {
    return a.kind == b.kind && a.text == b.text && a.bound == b.bound && a.range == b.range &&
           a.children == b.children;
  }
};

// Throws QueryError, which knows the place. Whether words mean something is not asked here.
QueryNode parse_query(std::string_view text);

// The shortest usual form; parse_query(print_query(q)) == q.
std::string print_query(const QueryNode& query);

}  // namespace facet::detail
