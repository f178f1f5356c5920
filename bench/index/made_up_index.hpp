// SPDX-License-Identifier: Apache-2.0
// An index of photos that nobody took, as large as is wanted.
#pragma once

#include <cstddef>
#include <string>

#include "index/sql/sql_database.hpp"

namespace facet::bench {

struct MadeUpOptions {
  std::size_t faces = 1'000'000;
  std::size_t features = 0;  // of each face; 0: none are stored
  unsigned seed = 19;
};

// Adds photos of one to twelve faces (1.8 on average) as facet index does, some at a time. Their
// attributes are as frequent as CelebA's, and as sure of themselves. Returns how many photos.
std::size_t fill_index(detail::SqlDatabase& database, const MadeUpOptions& options);

// The same faces as ordinary rows: a table `plain` with a column an attribute.
void fill_plain_table(detail::SqlDatabase& database);

}  // namespace facet::bench
