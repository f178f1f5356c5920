// SPDX-License-Identifier: Apache-2.0
#include "index/query/spoken_query.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "index/query/query_error.hpp"

namespace facet::detail {
namespace {

using Kind = QueryNode::Kind;

// They say nothing of a face.
constexpr auto small_words = std::to_array<std::string_view>(
    {"a", "an", "the", "with", "who", "that", "is", "are", "has", "have", "wears", "wearing",
     "person", "people", "somebody", "someone", "face", "faces"});
constexpr auto negating_words = std::to_array<std::string_view>({"without", "no"});

constexpr std::size_t longest_name = 5;  // words: 5_o_clock_shadow has four

template <typename Words>
bool is_one_of(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

QueryNode negated(QueryNode node) {
  if (node.kind == Kind::negation) return std::move(node.children.front());
  QueryNode negation;
  negation.kind = Kind::negation;
  negation.span = node.span;
  negation.children.push_back(std::move(node));
  return negation;
}

class Listener {
 public:
  explicit Listener(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  [[nodiscard]] QueryNode heard(const QueryNode& query) const {
    switch (query.kind) {
      case Kind::term:
        return group(query, {&query, 1});
      case Kind::all_of:
        return group(query, query.children);
      case Kind::any_of: {
        QueryNode node = without_children(query);
        for (const QueryNode& child : query.children) {
          QueryNode choice = heard(child);
          if (choice.kind == Kind::any_of) {
            std::move(choice.children.begin(), choice.children.end(),
                      std::back_inserter(node.children));
          } else {
            node.children.push_back(std::move(choice));
          }
        }
        return node;
      }
      case Kind::one_face: {
        QueryNode inner = heard(query.children.front());
        if (inner.kind != Kind::all_of && inner.kind != Kind::any_of) return inner;
        QueryNode node = without_children(query);
        node.children.push_back(std::move(inner));
        return node;
      }
      default: {
        QueryNode node = without_children(query);
        for (const QueryNode& child : query.children) node.children.push_back(heard(child));
        return node;
      }
    }
  }

 private:
  static QueryNode without_children(const QueryNode& query) {
    QueryNode node;
    node.kind = query.kind;
    node.text = query.text;
    node.bound = query.bound;
    node.range = query.range;
    node.span = query.span;
    return node;
  }

  // The word of an item, or of what it negates; null where it is more than a word.
  static const QueryNode* word_of(const QueryNode& item) {
    if (item.kind == Kind::negation) return word_of(item.children.front());
    return item.kind == Kind::term ? &item : nullptr;
  }

  [[nodiscard]] bool known(std::string_view word) const {
    return vocabulary_.attribute(word).has_value() || vocabulary_.everyday(word) != nullptr;
  }

  // The items of brackets, or one alone. Where all are small words they stay: the one who plans
  // says that no attribute is called so.
  [[nodiscard]] QueryNode group(const QueryNode& query, std::span<const QueryNode> items) const {
    std::vector<QueryNode> out;
    bool negates = false;
    QuerySpan negating;
    for (std::size_t i = 0; i < items.size();) {
      const QueryNode* word = word_of(items[i]);
      const std::size_t count = word == nullptr ? 1 : words_of_name(items.subspan(i));
      const bool plain = word != nullptr && count == 1 && !word->bound && !known(word->text);
      const std::string folded = plain ? folded_word(word->text) : std::string();
      const bool negating_word = is_one_of(negating_words, folded);
      if (negating_word || is_one_of(small_words, folded)) {
        // "not a man" negates the man.
        const bool minus = is_negative(items[i]);
        if (minus || negating_word) negating = items[i].span;
        negates = negates != (minus != negating_word);
        ++i;
        continue;
      }
      QueryNode item = count > 1         ? joined(items.subspan(i, count))
                       : word == nullptr ? heard(items[i])
                                         : items[i];
      if (negates) item = negated(std::move(item));
      negates = false;
      add(out, std::move(item));
      i += count;
    }
    if (negates) throw QueryError("something must come after this", negating);
    if (out.empty()) return query;
    if (out.size() == 1) return std::move(out.front());
    QueryNode node = without_children(query);
    node.children = std::move(out);
    return node;
  }

  static bool is_negative(const QueryNode& item) {
    return item.kind == Kind::negation && !is_negative(item.children.front());
  }

  static void add(std::vector<QueryNode>& items, QueryNode item) {
    if (item.kind != Kind::all_of) {
      items.push_back(std::move(item));
      return;
    }
    std::move(item.children.begin(), item.children.end(), std::back_inserter(items));
  }

  // How many items from the first on are one known name together, as "wavy hair" is; 1 where each
  // means something by itself.
  [[nodiscard]] std::size_t words_of_name(std::span<const QueryNode> items) const {
    std::string name;
    std::size_t longest = 1;
    bool all_known = true;
    for (std::size_t i = 0; i < std::min(items.size(), longest_name); ++i) {
      const QueryNode* word = i == 0 ? word_of(items[i]) : &items[i];
      if (word->kind != Kind::term) break;
      name += (name.empty() ? "" : "_") + word->text;
      all_known = all_known && known(word->text);
      if (i > 0 && !all_known && known(name)) longest = i + 1;
      if (word->bound) break;
    }
    return longest;
  }

  static QueryNode joined(std::span<const QueryNode> items) {
    QueryNode node = *word_of(items.front());
    for (const QueryNode& next : items.subspan(1)) node.text += '_' + next.text;
    node.text = folded_word(node.text);
    node.bound = items.back().bound;
    node.span.count = items.back().span.first + items.back().span.count - node.span.first;
    return is_negative(items.front()) ? negated(std::move(node)) : node;
  }

  const Vocabulary& vocabulary_;
};

}  // namespace

QueryNode spoken_query(const QueryNode& query, const Vocabulary& vocabulary) {
  return Listener(vocabulary).heard(query);
}

}  // namespace facet::detail
