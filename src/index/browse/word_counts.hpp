// SPDX-License-Identifier: Apache-2.0
// How many faces of an index each word of a query holds for.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "index/query/vocabulary.hpp"
#include "index/sql/sql_database.hpp"
#include "index/store/generation_table.hpp"

namespace facet::detail {

struct WordCounts {
  std::size_t faces = 0;   // in the index
  std::size_t photos = 0;  // the same, faces or not
  // With probability of one half or more; by word, folded: attributes and everyday words.
  std::map<std::string, std::size_t, std::less<>> words;
  std::map<std::string, std::size_t> people;             // faces by name
  std::map<std::string, std::size_t, std::less<>> said;  // faces by attribute that people spoke of
};

WordCounts count_words(SqlDatabase& database, const Generation& generation);

}  // namespace facet::detail
