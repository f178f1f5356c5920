// SPDX-License-Identifier: Apache-2.0
#include "index/browse/word_suggestions.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "index/query/everyday_words.hpp"
#include "index/query/suggestion.hpp"

namespace facet::detail {
namespace {

constexpr std::string_view kPerson = "person:";

struct Field {
  const char* text;
  const char* meaning;
};
constexpr std::array fields = {
    Field{"faces:", "how many faces the photo shows: faces:2, faces:2..4"},
    Field{"date:", "when it was taken: date:2019, date:2019-07..2019-09"},
    Field{"path:", "a part of the file's path: path:holiday"},
    Field{"person:", "a name that another program gave: person:\"Anna Lee\""},
    Field{"like:", "resembles a face: like:3f9a2c41d0be.1"},
    Field{"photo(", "somebody in the photo, each word perhaps another: photo(smiling man)"},
    Field{"all(", "everybody in the photo: all(smiling)"},
};

bool ends_word(char c) {
  return std::string_view(" \t\n()|<>=").find(c) != std::string_view::npos;
}

std::string quoted_person(const std::string& name) {
  std::string text = std::string(kPerson) + '"';
  for (const char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

// All that could be typed, with the text that it is found by.
struct Choice {
  std::string key;
  WordSuggestion suggestion;
};

std::vector<Choice> choices_of(const Vocabulary& vocabulary, const WordCounts& counts) {
  std::vector<Choice> all;
  const auto count_of = [&](const std::string& word) {
    const auto at = counts.words.find(word);
    return at == counts.words.end() ? 0 : at->second;
  };
  for (const std::string& word : vocabulary.words()) {
    WordSuggestion one{word, WordSuggestion::Kind::attribute, {}, {}, count_of(word)};
    if (!vocabulary.attribute(word)) {
      const EverydayWord* everyday = vocabulary.everyday(word);
      one.kind = WordSuggestion::Kind::everyday;
      one.group = std::string(everyday->group);
      one.meaning = std::string(everyday->meaning);
    }
    all.push_back({word, std::move(one)});
  }
  for (const auto& [name, faces] : counts.people) {
    all.push_back(
        {folded_word(name), {quoted_person(name), WordSuggestion::Kind::person, {}, {}, faces}});
  }
  for (const Field& field : fields) {
    all.push_back({field.text, {field.text, WordSuggestion::Kind::field, {}, field.meaning, 0}});
  }
  return all;
}

}  // namespace

QuerySpan word_at(std::string_view query, std::size_t at) {
  at = std::min(at, query.size());
  // Inside quotes blanks belong to the word.
  std::size_t first = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < at; ++i) {
    if (query[i] == '\\' && quoted) {
      ++i;
    } else if (query[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && (ends_word(query[i]) || (query[i] == '-' && i == first))) {
      first = i + 1;
    }
  }
  std::size_t end = at;
  while (end < query.size() && (quoted || !ends_word(query[end]))) {
    if (query[end] == '"' && quoted) {
      ++end;
      break;
    }
    ++end;
  }
  first = std::min(first, end);
  return {first, end - first};
}

std::vector<WordSuggestion> suggest_words(std::string_view typed, const Vocabulary& vocabulary,
                                          const WordCounts& counts, std::size_t most) {
  const bool person = typed.starts_with(kPerson);
  std::string_view sought = person ? typed.substr(kPerson.size()) : typed;
  if (sought.starts_with('"')) sought.remove_prefix(1);
  if (sought.ends_with('"')) sought.remove_suffix(1);
  const std::string word = folded_word(sought);
  const std::vector<Choice> all = choices_of(vocabulary, counts);
  std::vector<std::string> words;
  for (const Choice& choice : all) words.push_back(choice.key);
  const std::vector<std::string> near =
      word.size() < 3 ? std::vector<std::string>() : near_words(word, words, most);
  std::vector<std::pair<int, const Choice*>> found;
  for (const Choice& choice : all) {
    if (person && choice.suggestion.kind != WordSuggestion::Kind::person) continue;
    const std::size_t place = choice.key.find(word);
    const bool part = place != std::string::npos && place > 0 && choice.key[place - 1] == '_';
    if (place == 0) {
      found.emplace_back(0, &choice);
    } else if (part) {
      found.emplace_back(1, &choice);
    } else if (std::find(near.begin(), near.end(), choice.key) != near.end()) {
      found.emplace_back(2, &choice);
    } else if (place != std::string::npos) {
      found.emplace_back(3, &choice);
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.first, -static_cast<long>(a.second->suggestion.faces)) <
           std::tuple(b.first, -static_cast<long>(b.second->suggestion.faces));
  });
  std::vector<WordSuggestion> suggestions;
  for (const auto& [rank, choice] : found) {
    if (suggestions.size() == most) break;
    suggestions.push_back(choice->suggestion);
  }
  return suggestions;
}

}  // namespace facet::detail
