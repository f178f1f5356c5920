// SPDX-License-Identifier: Apache-2.0
// Everyday words for what the heads call otherwise: one table for queries, their help and the
// suggestions of pages.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace facet::detail {

struct EverydayWord {
  std::string_view group;    // hair, beard, …: for help
  std::string_view word;     // in lower case, with _ between its parts
  std::string_view meaning;  // a query of attributes
};

// Grouped; in the order in which help shows them.
std::span<const EverydayWord> everyday_words();

// Words are the same that differ in case alone, or in blanks, _ and -.
std::string folded_word(std::string_view word);

}  // namespace facet::detail
