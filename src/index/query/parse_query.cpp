// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <utility>

#include "index/query/query.hpp"
#include "index/query/query_cursor.hpp"
#include "index/query/query_error.hpp"
#include "index/query/query_fields.hpp"
#include "index/query/query_text.hpp"

namespace facet::detail {
namespace {

using Kind = QueryNode::Kind;
using Joint = QueryNode::Joint;

constexpr std::size_t longest_query = 10'000;  // bytes
constexpr int deepest_query = 100;             // brackets and minus signs inside each other

QueryNode node_of(Kind kind, std::vector<QueryNode> children, QuerySpan span) {
  QueryNode node;
  node.kind = kind;
  node.children = std::move(children);
  node.span = span;
  return node;
}

bool several_items(const QueryNode& node) {
  return node.kind == Kind::all_of || node.kind == Kind::any_of;
}

// Recursive descent, one function a rule of the grammar.
class Parser {
 public:
  explicit Parser(std::string_view text) : cursor_(text) {}

  QueryNode parse() {
    if (cursor_.text().size() > longest_query) {
      throw QueryError("the query is longer than " + std::to_string(longest_query) + " bytes", {});
    }
    cursor_.skip_blanks();
    if (cursor_.at_end()) {
      throw QueryError("the query is empty; try: smiling -eyeglasses faces:2", {});
    }
    QueryNode query = any_of();
    if (!cursor_.at_end()) {
      throw QueryError("a bracket is closed that was not opened", {cursor_.position(), 1});
    }
    return query;
  }

 private:
  // A level of brackets or minus signs; closes itself.
  class Level {
   public:
    Level(int& depth, QuerySpan at) : depth_(depth) {
      if (depth_ >= deepest_query) throw QueryError("the query is nested too deeply", at);
      ++depth_;
    }
    ~Level() { --depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    int& depth_;
  };

  [[nodiscard]] bool ends_all_of() const {
    return cursor_.at_end() || cursor_.sees(')') || cursor_.sees('|') ||
           cursor_.sees_operator("or");
  }

  QueryNode any_of() {
    const std::size_t first = cursor_.position();
    std::vector<QueryNode> choices;
    Joint joint = Joint::apart;
    for (;;) {
      add(choices, all_of(), Kind::any_of, joint);
      const std::size_t first_of_bar = cursor_.position();
      const bool sign = cursor_.take('|');
      if (!sign && !cursor_.take_operator("or")) break;
      joint = sign ? Joint::apart : Joint::either;
      const QuerySpan bar = cursor_.span(first_of_bar);
      cursor_.skip_blanks();
      if (ends_all_of()) throw QueryError("nothing to choose after this", bar);
    }
    if (choices.size() == 1) return std::move(choices.front());
    return node_of(Kind::any_of, std::move(choices), cursor_.span(first));
  }

  QueryNode all_of() {
    const std::size_t first = cursor_.position();
    if (ends_all_of()) {
      const bool bracket = cursor_.sees(')');
      throw QueryError(bracket ? "nothing inside the brackets" : "nothing to choose before this",
                       {first, cursor_.at_end() ? 0U : 1U});
    }
    std::vector<QueryNode> items;
    Joint joint = Joint::apart;
    while (!ends_all_of()) {
      const std::size_t at = cursor_.position();
      if (cursor_.take_operator("and")) {
        joint = Joint::listed;
        cursor_.skip_blanks();
        if (items.empty() || ends_all_of()) {
          throw QueryError("\"and\" stands between two things; quote it to look for the word",
                           {at, 3});
        }
        continue;
      }
      add(items, unary(), Kind::all_of, joint);
      joint = cursor_.skip_gap() ? Joint::listed : Joint::apart;
    }
    if (items.size() == 1) return std::move(items.front());
    return node_of(Kind::all_of, std::move(items), cursor_.span(first));
  }

  // a (b c) is a b c.
  static void add(std::vector<QueryNode>& items, QueryNode item, Kind kind, Joint joint) {
    if (item.kind != kind) {
      item.joint = joint;
      items.push_back(std::move(item));
      return;
    }
    item.children.front().joint = joint;
    if (kind == Kind::all_of) item.children.front().in_brackets = item.children.size();
    std::move(item.children.begin(), item.children.end(), std::back_inserter(items));
  }

  QueryNode unary() {
    const std::size_t first = cursor_.position();
    const bool minus = cursor_.take('-');
    if (!minus && !cursor_.take_operator("not")) return primary();
    const Level level(depth_, cursor_.span(first));
    if (!minus) cursor_.skip_blanks();
    if (ends_all_of() || cursor_.sees_blank()) {
      throw QueryError(
          minus ? "the minus belongs directly before a word or a bracket" : "nothing after \"not\"",
          cursor_.span(first));
    }
    std::vector<QueryNode> child;
    child.push_back(unary());
    return node_of(Kind::negation, std::move(child), cursor_.span(first));
  }

  QueryNode primary() {
    const std::size_t first = cursor_.position();
    if (cursor_.take('(')) {
      QueryNode inner = in_brackets(first, photo_context_ ? Kind::one_face : Kind::all_of);
      if (!photo_context_ || !several_items(inner)) return inner;
      std::vector<QueryNode> child;
      child.push_back(std::move(inner));
      return node_of(Kind::one_face, std::move(child), cursor_.span(first));
    }
    if (cursor_.sees('"')) return term(first, cursor_.take_quoted());
    std::string word = cursor_.take_while(is_word_character);
    if (word.empty()) throw unexpected();
    if (cursor_.sees('(')) return quantifier(first, word);
    if (cursor_.sees(':')) return field(first, word);
    return term(first, std::move(word));
  }

  // The query inside brackets of which the first has been taken; `kind` says whose they are.
  QueryNode in_brackets(std::size_t first, Kind kind) {
    const Level level(depth_, {first, 1});
    const bool before = std::exchange(photo_context_, kind == Kind::in_photo);
    cursor_.skip_blanks();
    QueryNode inner = any_of();
    photo_context_ = before;
    if (!cursor_.take(')')) throw QueryError("this bracket is not closed", {first, 1});
    return inner;
  }

  QueryNode quantifier(std::size_t first, const std::string& word) {
    const bool photo = word == "photo";
    if (!photo && word != "all") {
      throw QueryError("brackets may follow photo and all, not \"" + word +
                           "\"; a blank before the bracket makes it a group",
                       cursor_.span(first));
    }
    const std::size_t bracket = cursor_.position();
    cursor_.take('(');
    const Kind kind = photo ? Kind::in_photo : Kind::every_face;
    std::vector<QueryNode> child;
    child.push_back(in_brackets(bracket, kind));
    return node_of(kind, std::move(child), cursor_.span(first));
  }

  QueryNode field(std::size_t first, const std::string& name) {
    cursor_.take(':');
    const std::size_t at = cursor_.position();
    std::string value =
        cursor_.sees('"') ? cursor_.take_quoted() : cursor_.take_while(is_value_character);
    QueryNode node = read_field(name, {first, name.size() + 1}, std::move(value), cursor_.span(at));
    node.span = cursor_.span(first);
    expect_end_of_item();
    return node;
  }

  QueryNode term(std::size_t first, std::string word) {
    QueryNode node;
    node.text = std::move(word);
    node.span = cursor_.span(first);
    if (node.text.empty()) throw QueryError("a word is missing", node.span);
    node.bound = bound();
    if (node.bound) node.span = cursor_.span(first);
    expect_end_of_item();
    return node;
  }

  std::optional<ProbabilityBound> bound() {
    const std::size_t before = cursor_.position();
    cursor_.skip_blanks();
    const std::size_t first = cursor_.position();
    const bool greater = cursor_.take('>');
    if (!greater && !cursor_.take('<')) {
      if (cursor_.sees('=')) {
        throw QueryError("compare with >, >=, < or <=, as in young>0.8", {first, 1});
      }
      cursor_.go_back(before);
      return std::nullopt;
    }
    const bool equal = cursor_.take('=');
    cursor_.skip_blanks();
    const std::size_t at = cursor_.position();
    const std::optional<double> value = cursor_.take_number();
    if (!value) {
      throw QueryError("a probability must follow, such as 0.8 or 80%", cursor_.span(first));
    }
    const double probability = cursor_.take('%') ? *value / 100 : *value;
    if (!(probability >= 0 && probability <= 1)) {
      throw QueryError("a probability lies between 0 and 1, or 0% and 100%", cursor_.span(at));
    }
    if (greater) {
      return ProbabilityBound{equal ? Comparison::greater_equal : Comparison::greater, probability};
    }
    return ProbabilityBound{equal ? Comparison::less_equal : Comparison::less, probability};
  }

  void expect_end_of_item() {
    if (!cursor_.sees_gap() && !ends_all_of()) throw unexpected();
  }

  [[nodiscard]] QueryError unexpected() const {
    return QueryError("this character does not belong here; put names that hold it in \"…\"",
                      cursor_.character());
  }

  QueryCursor cursor_;
  int depth_ = 0;
  bool photo_context_ = false;  // directly inside photo(…), where brackets mean one face
};

}  // namespace

QueryNode parse_query(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace facet::detail
