// SPDX-License-Identifier: Apache-2.0
#include "index/query/vocabulary.hpp"

#include <algorithm>
#include <utility>

#include "index/query/query.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t page_width = 96;

constexpr std::string_view grammar =
    R"(A query describes one face; every word in it must hold for that face.

  smiling young                 a face that smiles and looks young
  woman -eyeglasses             - means not: a woman without glasses
  bald | gray_hair              | or the word "or": one of the two
  smiling (beard | mustache)    brackets group
  young>0.8  male<20%           how probable it must be

Of the whole photo:

  photo(smiling eyeglasses)     somebody smiles, and somebody, perhaps another, wears glasses
  photo((smiling man) woman)    brackets inside hold for one face: a smiling man, and a woman
  -photo(eyeglasses)            nobody wears glasses
  all(smiling)                  everybody smiles
  faces:2  faces:2..4  faces:>=2  faces:0
  path:holiday  path:"*/my album/*.jpg"
  date:2019  date:2019-07..2019-09  date:>=2020-03-14     when it was taken

Of the face:

  person:"Anna Lee"             another program named it so; photo(person:"Anna Lee") also where
                                the name stands in the photo and no face was found there
  like:3f9a2c41d0be.1           resembles that face (needs an index made with --features)

Words are those of the labels; upper and lower case, _ and - are the same. It may also be said as
people speak:

  a smiling woman with wavy hair, without a hat     smiling woman wavy_hair -hat
  man without hat or glasses, but with a beard      man -hat -glasses beard
)";

// The words side by side, in lines that are not too long.
std::string columns(const std::vector<std::string>& words) {
  std::size_t widest = 1;
  for (const std::string& word : words) widest = std::max(widest, word.size());
  const std::size_t per_line = std::max<std::size_t>(1, page_width / (widest + 2));
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool last = (i + 1) % per_line == 0 || i + 1 == words.size();
    out += "  " + words[i];
    out += last ? "\n" : std::string(widest - words[i].size(), ' ');
  }
  return out;
}

}  // namespace

Vocabulary::Vocabulary(std::vector<std::string> attributes) : attributes_(std::move(attributes)) {
}

std::optional<std::size_t> Vocabulary::attribute(std::string_view word) const {
  const auto place = [&](auto&& is_it) -> std::optional<std::size_t> {
    const auto at = std::find_if(attributes_.begin(), attributes_.end(), is_it);
    if (at == attributes_.end()) return std::nullopt;
    return static_cast<std::size_t>(at - attributes_.begin());
  };
  if (const auto exact = place([&](const std::string& name) { return name == word; })) return exact;
  const std::string folded = folded_word(word);
  return place([&](const std::string& name) { return folded_word(name) == folded; });
}

const EverydayWord* Vocabulary::everyday(std::string_view word) const {
  const std::string folded = folded_word(word);
  for (const EverydayWord& known : everyday_words()) {
    if (known.word == folded) return knows_all_of(known.meaning) ? &known : nullptr;
  }
  return nullptr;
}

bool Vocabulary::knows_all_of(std::string_view meaning) const {
  const auto known = [&](auto&& self, const QueryNode& node) -> bool {
    if (node.kind == QueryNode::Kind::term) return attribute(node.text).has_value();
    return std::all_of(node.children.begin(), node.children.end(),
                       [&](const QueryNode& child) { return self(self, child); });
  };
  return known(known, parse_query(meaning));
}

std::vector<std::string> Vocabulary::words() const {
  std::vector<std::string> all;
  for (const std::string& name : attributes_) all.push_back(folded_word(name));
  for (const EverydayWord& known : everyday_words()) {
    if (knows_all_of(known.meaning)) all.emplace_back(known.word);
  }
  return all;
}

std::string query_help(const Vocabulary& vocabulary) {
  std::vector<std::string> names;
  for (const std::string& name : vocabulary.attributes()) names.push_back(folded_word(name));
  std::string page(grammar);
  page += "\nAttributes:\n\n" + columns(names);
  std::string group;
  std::vector<std::string> lines;
  for (const EverydayWord& known : everyday_words()) {
    if (vocabulary.everyday(known.word) != &known) continue;
    lines.push_back(std::string(known.word).append(" = ").append(known.meaning));
  }
  if (!lines.empty()) page += "\nEveryday words:\n\n" + columns(lines);
  return page;
}

}  // namespace facet::detail
