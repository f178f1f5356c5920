// SPDX-License-Identifier: Apache-2.0
#include "index/query/query_plan.hpp"

#include <algorithm>
#include <utility>

#include "index/query/query_error.hpp"
#include "index/query/spoken_query.hpp"
#include "index/query/suggestion.hpp"

namespace facet::detail {
namespace {

using Asked = QueryNode::Kind;
using Kind = PlanNode::Kind;

// The place of a value in a list, added where it is new.
template <typename Value>
std::size_t place_in(std::vector<Value>& list, const Value& value) {
  const auto at = std::find(list.begin(), list.end(), value);
  if (at != list.end()) return static_cast<std::size_t>(at - list.begin());
  list.push_back(value);
  return list.size() - 1;
}

PlanNode node_of(Kind kind, std::size_t input = 0) {
  PlanNode node;
  node.kind = kind;
  node.input = input;
  return node;
}

PlanNode node_of(Kind kind, PlanNode child) {
  PlanNode node = node_of(kind);
  node.children.push_back(std::move(child));
  return node;
}

// The same for all faces of a photo.
bool about_photo(const QueryNode& node) {
  switch (node.kind) {
    case Asked::faces:
    case Asked::date:
    case Asked::path:
    case Asked::in_photo:
    case Asked::every_face:
      return true;
    case Asked::term:
    case Asked::person:
    case Asked::like:
      return false;
    case Asked::negation:
    case Asked::all_of:
    case Asked::any_of:
    case Asked::one_face:
      return std::all_of(node.children.begin(), node.children.end(), about_photo);
  }
  return false;
}

class Planner {
 public:
  explicit Planner(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  QueryPlan plan(const QueryNode& query) {
    plan_.root = of_face(query);
    plan_.about_faces = !about_photo(query);
    return std::move(plan_);
  }

 private:
  PlanNode of_face(const QueryNode& query) {
    switch (query.kind) {
      case Asked::term:
        return term(query);
      case Asked::person:
        return node_of(Kind::person, place_in(plan_.people, query.text));
      case Asked::like:
        return node_of(Kind::similarity, place_in(plan_.likes, query.text));
      case Asked::path:
        return node_of(Kind::path, place_in(plan_.paths, query.text));
      case Asked::faces:
        return range(Kind::faces, query.range);
      case Asked::date:
        plan_.uses_dates = true;
        return range(Kind::date, query.range);
      case Asked::negation:
        return node_of(Kind::negation, of_face(query.children.front()));
      case Asked::all_of:
        return of_faces(Kind::all_of, query);
      case Asked::any_of:
        return of_faces(Kind::any_of, query);
      case Asked::in_photo:
        return of_photo(query.children.front());
      case Asked::one_face:
        return of_face(query.children.front());
      case Asked::every_face:
        return node_of(Kind::every_face, of_face(query.children.front()));
    }
    return {};
  }

  PlanNode of_faces(Kind kind, const QueryNode& query) {
    PlanNode node = node_of(kind);
    for (const QueryNode& child : query.children) node.children.push_back(of_face(child));
    return node;
  }

  // Inside photo(…): each item for any face.
  PlanNode of_photo(const QueryNode& query) {
    if (query.kind == Asked::all_of || query.kind == Asked::any_of) {
      PlanNode node = node_of(query.kind == Asked::all_of ? Kind::all_of : Kind::any_of);
      for (const QueryNode& child : query.children) node.children.push_back(of_photo(child));
      return node;
    }
    if (about_photo(query)) return of_face(query);
    if (query.kind == Asked::person) {
      return node_of(Kind::someone, place_in(plan_.people, query.text));
    }
    return node_of(Kind::any_face, of_face(query));
  }

  static PlanNode range(Kind kind, const QueryRange& range) {
    PlanNode node = node_of(kind);
    node.range = range;
    return node;
  }

  PlanNode term(const QueryNode& query) {
    PlanNode node = meaning(query);
    if (!query.bound) return node;
    node = node_of(Kind::compare, std::move(node));
    node.bound = *query.bound;
    return node;
  }

  PlanNode meaning(const QueryNode& query) {
    if (const auto place = vocabulary_.attribute(query.text)) {
      return node_of(Kind::column, place_in(plan_.columns, *place));
    }
    if (const EverydayWord* word = vocabulary_.everyday(query.text)) {
      return of_face(parse_query(word->meaning));
    }
    const std::vector<std::string> words = vocabulary_.words();
    throw QueryError(
        "no attribute is called \"" + query.text + "\"" +
            did_you_mean(folded_word(query.text), words, "", "; --help-query lists all words"),
        {query.span.first, std::min(query.text.size(), query.span.count)});
  }

  const Vocabulary& vocabulary_;
  QueryPlan plan_;
};

}  // namespace

QueryPlan plan_query(const QueryNode& query, const Vocabulary& vocabulary) {
  return Planner(vocabulary).plan(spoken_query(query, vocabulary));
}

}  // namespace facet::detail
