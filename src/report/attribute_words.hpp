// SPDX-License-Identifier: Apache-2.0
// Attributes in plain words.
#pragma once

#include <string>
#include <string_view>

namespace facet::detail {

// How an attribute enters a sentence about a face.
enum class WordKind {
  is,     // "young"
  has,    // "with bangs"
  wears,  // "wearing a hat"
  lacks   // "without a beard"
};

struct AttributeWords {
  WordKind kind = WordKind::has;
  std::string words;  // "young", "bangs", "a hat", "a beard"
};

// Of CelebA's names by a table; of others by their own words.
AttributeWords attribute_words(std::string_view name);

// On its own: "bangs", "a hat", "no beard", "young".
std::string attribute_phrase(std::string_view name);
// The same of a concept: "bangs", "not male", "no hat".
std::string concept_phrase(std::string_view name);
// What a face shows of it: "more “bangs”", or less, than the average face.
std::string more_or_less(std::string_view name, float response);

}  // namespace facet::detail
