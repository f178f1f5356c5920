// SPDX-License-Identifier: Apache-2.0
#include "index/random_query.hpp"

#include <string>
#include <utility>
#include <vector>

namespace facet::detail {
namespace {

using Kind = QueryNode::Kind;

// Where a node stands decides what it may be.
enum class Place { face, photo };

class Maker {
 public:
  explicit Maker(std::mt19937& random) : random_(random) {}

  QueryNode any(int depth, Place place) {
    const int kind = depth == 0 ? 0 : below(4);
    if (kind == 1) return several(Kind::all_of, depth, place);
    if (kind == 2) return several(Kind::any_of, depth, place);
    return item(depth, place);
  }

 private:
  int below(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }

  QueryNode several(Kind kind, int depth, Place place) {
    QueryNode node;
    node.kind = kind;
    const int count = 2 + below(3);
    for (int i = 0; i < count; ++i) {
      const bool nested = depth > 1 && below(3) == 0;
      if (nested && kind == Kind::any_of) {
        node.children.push_back(several(Kind::all_of, depth - 1, place));
      } else if (nested && place == Place::face) {
        node.children.push_back(several(Kind::any_of, depth - 1, place));
      } else {
        node.children.push_back(item(depth - 1, place));
      }
    }
    return node;
  }

  QueryNode item(int depth, Place place) {
    if (depth <= 0) return leaf();
    switch (below(5)) {
      case 0: {
        const bool group = place == Place::face && below(2) == 0;
        return around(Kind::negation, group ? any(depth - 1, place) : item(depth - 1, place));
      }
      case 1:
        return around(Kind::in_photo, any(depth - 1, Place::photo));
      case 2:
        return around(Kind::every_face, any(depth - 1, Place::face));
      case 3:
        if (place == Place::photo) {
          const Kind kind = below(2) == 0 ? Kind::all_of : Kind::any_of;
          return around(Kind::one_face, several(kind, depth - 1, Place::face));
        }
        return leaf();
      default:
        return leaf();
    }
  }

  static QueryNode around(Kind kind, QueryNode child) {
    QueryNode node;
    node.kind = kind;
    node.children.push_back(std::move(child));
    return node;
  }

  QueryNode leaf() {
    QueryNode node;
    switch (below(7)) {
      case 0:
        node.kind = Kind::faces;
        node.range.first = below(5);
        node.range.last = below(2) == 0 ? QueryRange::highest : node.range.first + below(4);
        return node;
      case 1:
        node.kind = Kind::date;
        node.range.first = below(3) == 0 ? QueryRange::lowest : below(40'000) - 10'000;
        node.range.last = node.range.first == QueryRange::lowest ? below(20'000)
                          : below(3) == 0                        ? QueryRange::highest
                                                                 : node.range.first + below(800);
        return node;
      case 2:
        node.kind = Kind::path;
        node.text = text();
        return node;
      case 3:
        node.kind = below(2) == 0 ? Kind::person : Kind::like;
        node.text = text();
        return node;
      default:
        node.text = text();
        if (below(3) == 0) {
          node.bound = ProbabilityBound{static_cast<Comparison>(below(4)),
                                        std::uniform_real_distribution<double>(0, 1)(random_)};
        }
        return node;
    }
  }

  std::string text() {
    const std::vector<std::string> words = {
        "smiling", "No_Beard", "or", "NOT", "-x",  "a b", "\"", "\\",      "Anna", "ö",     "1.5e3",
        "x:y",     "(",        ")",  "a|b", "and", "5_o", "..", "a/b.jpg", "<2",   "*?.jpg"};
    std::string out = words[static_cast<std::size_t>(below(static_cast<int>(words.size())))];
    if (below(4) == 0) out += words[static_cast<std::size_t>(below(3))];
    return out;
  }

  std::mt19937& random_;
};

}  // namespace

QueryNode random_query(std::mt19937& random) {
  return Maker(random).any(4, Place::face);
}

}  // namespace facet::detail
