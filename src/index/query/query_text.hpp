// SPDX-License-Identifier: Apache-2.0
// Characters, days and counts of the query language, for its reader and its writer.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "index/query/query.hpp"

namespace facet::detail {

// A word of these needs no quotation marks: letters, digits, _, -, ', and all beyond ASCII.
bool is_word_character(char c);
// The same for values of fields, which also hold slashes, dots, colons, …
bool is_value_character(char c);
// A word that means an operator unless it is quoted: or, and, not, in any case.
bool is_operator_word(std::string_view word);

// "2019", "2019-07" or "2019-07-14" as its first and last day; nothing where there is no such day.
std::optional<QueryRange> read_day(std::string_view text);
// The days in the shortest form that read_days() understands.
std::string print_days(const QueryRange& days);

}  // namespace facet::detail
