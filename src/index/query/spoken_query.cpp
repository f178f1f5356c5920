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
using Joint = QueryNode::Joint;

// They say nothing of a face.
constexpr auto articles = std::to_array<std::string_view>({"a", "an", "the", "any", "either"});
// Nor do these, but a list of what is not there ends at them.
constexpr auto small_words = std::to_array<std::string_view>(
    {"with", "but", "who", "that", "is", "are", "has", "have", "wears", "wearing", "person",
     "people", "somebody", "someone", "face", "faces"});
constexpr auto negating_words =
    std::to_array<std::string_view>({"without", "no", "neither", "nor"});
// What one is, not what one has: "without a hat and smiling" asks for a smile.
constexpr auto being = std::to_array<std::string_view>(
    {"male",         "female",  "man",    "men",          "woman",       "women",      "boy",
     "girl",         "young",   "old",    "elderly",      "smiling",     "attractive", "chubby",
     "bald",         "bearded", "shaven", "clean_shaven", "blond",       "blonde",     "brunette",
     "brown_haired", "grey",    "gray",   "black_haired", "dark_haired", "pale",       "rosy",
     "blurry",       "blurred", "sharp",  "in_focus"});

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

QueryNode without_children(const QueryNode& query) {
  QueryNode node;
  node.kind = query.kind;
  node.text = query.text;
  node.bound = query.bound;
  node.range = query.range;
  node.span = query.span;
  return node;
}

bool is_negative(const QueryNode& item) {
  return item.kind == Kind::negation && !is_negative(item.children.front());
}

// The word of an item, or of what it negates; null where it is more than a word.
const QueryNode* word_of(const QueryNode& item) {
  if (item.kind == Kind::negation) return word_of(item.children.front());
  return item.kind == Kind::term ? &item : nullptr;
}

bool is_being(const QueryNode& item) {
  const QueryNode* word = word_of(item);
  return word != nullptr && is_one_of(being, folded_word(word->text));
}

QueryNode heard(const QueryNode& query, const Vocabulary& vocabulary);

// Items that all hold, one after the other.
class Sentence {
 public:
  explicit Sentence(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  // `joint` is what stands before them.
  void take(std::span<const QueryNode> items, Joint joint = Joint::apart) {
    said_.insert(said_.end(), items.begin(), items.end());
    for (std::size_t i = 0; i < items.size();) {
      if (joint == Joint::apart) joint = items[i].joint;
      const Role role = role_of(items.subspan(i));
      if (role != Role::item) {
        hear_word(items[i], role);
        ++i;
        continue;
      }
      if (negates_ && items[i].in_brackets > 1) {
        i += hear_bracket(items.subspan(i, items[i].in_brackets));
      } else {
        i += hear_item(items.subspan(i), joint);
      }
      joint = Joint::apart;
    }
  }

  // Whether these, said after "or", are more of what is not there: "without hat or glasses".
  [[nodiscard]] bool goes_on_with(std::span<const QueryNode> items) const {
    std::size_t i = 0;
    while (i < items.size() && role_of(items.subspan(i)) == Role::article) ++i;
    return i < items.size() && role_of(items.subspan(i)) == Role::item &&
           lists(items[i], Joint::either);
  }

  // Where all are small words they stay: the one who plans says that no attribute is called so.
  QueryNode finish(QuerySpan span) && {
    if (negates_) throw QueryError("something must come after this", negating_);
    std::vector<QueryNode>& items = out_.empty() ? said_ : out_;
    QueryNode node;
    if (items.size() == 1) {
      node = std::move(items.front());
    } else {
      node.kind = Kind::all_of;
      node.children = std::move(items);
      node.span = span;
    }
    return node;
  }

 private:
  enum class Role { article, small, negating, item };

  [[nodiscard]] bool known(std::string_view word) const {
    return vocabulary_.attribute(word).has_value() || vocabulary_.everyday(word) != nullptr;
  }

  // Of the first of them.
  [[nodiscard]] Role role_of(std::span<const QueryNode> items) const {
    const QueryNode* word = word_of(items.front());
    if (word == nullptr || word->bound || known(word->text) || words_of_name(items) > 1) {
      return Role::item;
    }
    const std::string folded = folded_word(word->text);
    if (is_one_of(negating_words, folded)) return Role::negating;
    if (is_one_of(articles, folded)) return Role::article;
    return is_one_of(small_words, folded) ? Role::small : Role::item;
  }

  void hear_word(const QueryNode& word, Role role) {
    // "not a man" negates the man.
    const bool minus = is_negative(word);
    if (role != Role::article) lists_ = false;
    if (minus || role == Role::negating) negating_ = word.span;
    negates_ = negates_ != (minus != (role == Role::negating));
  }

  // Whether the list of what is not there goes on with the item.
  [[nodiscard]] bool lists(const QueryNode& item, Joint joint) const {
    return lists_ && joint != Joint::apart && (of_beings_ || !is_being(item));
  }

  // The first of them; how many it took.
  std::size_t hear_item(std::span<const QueryNode> items, Joint joint) {
    const bool is_word = word_of(items.front()) != nullptr;
    const std::size_t count = is_word ? words_of_name(items) : 1;
    QueryNode item = count > 1 ? joined(items.first(count))
                     : is_word ? items.front()
                               : heard(items.front(), vocabulary_);
    if (negates_) {
      begin_list(item);
      item = negated(std::move(item));
    } else if (count > 1 && is_one_of(negating_words, folded_word(items.front().text))) {
      begin_list(item);  // "no beard" is a name, and "no beard or glasses" a list like others
    } else if (!lists(item, joint)) {
      lists_ = false;
    } else if (!is_negative(item)) {
      item = negated(std::move(item));
    }
    negates_ = false;
    add(std::move(item));
    return count;
  }

  // "without (hat and beard)" is "without hat and beard".
  std::size_t hear_bracket(std::span<const QueryNode> items) {
    Sentence inner(vocabulary_);
    inner.take(items);
    QueryNode all = std::move(inner).finish(items.front().span);
    begin_list(items.back());
    negates_ = false;
    if (all.kind == Kind::all_of) {
      for (QueryNode& item : all.children) add(negated(std::move(item)));
    } else {
      add(negated(std::move(all)));
    }
    return items.size();
  }

  void begin_list(const QueryNode& first) {
    lists_ = true;
    of_beings_ = is_being(first);
  }

  void add(QueryNode item) {
    if (item.kind != Kind::all_of) {
      out_.push_back(std::move(item));
      return;
    }
    std::move(item.children.begin(), item.children.end(), std::back_inserter(out_));
  }

  // How many items from the first on are one known name together, as "wavy hair" is; 1 where each
  // means something by itself.
  [[nodiscard]] std::size_t words_of_name(std::span<const QueryNode> items) const {
    std::string name;
    std::size_t longest = 1;
    bool all_known = true;
    for (std::size_t i = 0; i < std::min(items.size(), longest_name); ++i) {
      const QueryNode* word = i == 0 ? word_of(items[i]) : &items[i];
      if (word->kind != Kind::term || (i > 0 && items[i].joint != Joint::apart)) break;
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
  std::vector<QueryNode> said_;
  std::vector<QueryNode> out_;
  bool negates_ = false;  // what comes next
  QuerySpan negating_;
  bool lists_ = false;  // what is not there; it may go on
  bool of_beings_ = false;
};

std::span<const QueryNode> items_of(const QueryNode& query) {
  if (query.kind == Kind::all_of) return query.children;
  return {&query, 1};
}

QueryNode heard_choices(const QueryNode& query, const Vocabulary& vocabulary) {
  QueryNode node = without_children(query);
  const auto add = [&](QueryNode choice) {
    if (choice.kind != Kind::any_of) {
      node.children.push_back(std::move(choice));
      return;
    }
    std::move(choice.children.begin(), choice.children.end(), std::back_inserter(node.children));
  };
  for (std::size_t i = 0; i < query.children.size();) {
    Sentence sentence(vocabulary);
    QuerySpan span = query.children[i].span;
    do {
      sentence.take(items_of(query.children[i]), query.children[i].joint);
      span.count = query.children[i].span.first + query.children[i].span.count - span.first;
      ++i;
    } while (i < query.children.size() && query.children[i].joint == Joint::either &&
             sentence.goes_on_with(items_of(query.children[i])));
    add(std::move(sentence).finish(span));
  }
  return node.children.size() == 1 ? std::move(node.children.front()) : node;
}

QueryNode heard(const QueryNode& query, const Vocabulary& vocabulary) {
  switch (query.kind) {
    case Kind::term:
    case Kind::all_of: {
      Sentence sentence(vocabulary);
      sentence.take(items_of(query));
      return std::move(sentence).finish(query.span);
    }
    case Kind::any_of:
      return heard_choices(query, vocabulary);
    case Kind::one_face: {
      QueryNode inner = heard(query.children.front(), vocabulary);
      if (inner.kind != Kind::all_of && inner.kind != Kind::any_of) return inner;
      QueryNode node = without_children(query);
      node.children.push_back(std::move(inner));
      return node;
    }
    default: {
      QueryNode node = without_children(query);
      for (const QueryNode& child : query.children) {
        node.children.push_back(heard(child, vocabulary));
      }
      return node;
    }
  }
}

}  // namespace

QueryNode spoken_query(const QueryNode& query, const Vocabulary& vocabulary) {
  return heard(query, vocabulary);
}

}  // namespace facet::detail
