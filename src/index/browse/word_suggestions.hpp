// SPDX-License-Identifier: Apache-2.0
// What may be meant by the word of a query that somebody is typing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "index/browse/word_counts.hpp"
#include "index/query/query.hpp"
#include "index/query/vocabulary.hpp"

namespace facet::detail {

struct WordSuggestion {
  enum class Kind { attribute, everyday, person, field };
  std::string text;  // to be put in place of the word
  Kind kind = Kind::attribute;
  std::string group;      // of everyday words
  std::string meaning;    // of everyday words as a query, of fields in words
  std::size_t faces = 0;  // for which it holds; 0 for fields
};

// The word that ends or goes on at byte `at` of the query; empty between words. Behind person: it
// begins there.
QuerySpan word_at(std::string_view query, std::size_t at);

// Words that begin with what is typed, the most frequent first, then those that hold it, then those
// that are near; without anything typed the most frequent words.
std::vector<WordSuggestion> suggest_words(std::string_view typed, const Vocabulary& vocabulary,
                                          const WordCounts& counts, std::size_t most);

}  // namespace facet::detail
