// SPDX-License-Identifier: Apache-2.0
// What somebody probably meant who mistyped a word.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace facet::detail {

// How many characters must be added, dropped, replaced or swapped with their neighbour to turn one
// word into the other (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);

// Those of the words that are near, the nearest first, at most `most`: one slip for three
// characters, or a word that begins with what was typed.
std::vector<std::string> near_words(std::string_view typed, std::span<const std::string> words,
                                    std::size_t most = 3);

// "; did you mean "a" or "b"?" with `suffix` after each word; `otherwise` where none is near.
std::string did_you_mean(std::string_view typed, std::span<const std::string> words,
                         std::string_view suffix, std::string_view otherwise);

}  // namespace facet::detail
