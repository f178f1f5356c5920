// SPDX-License-Identifier: Apache-2.0
// The index that a test keeps for each schema there was: a bit of everything, all made up.
#pragma once

#include <string>

#include "index/sql/sql_database.hpp"

namespace facet::detail {

// Into an empty index.
void fill_stored_index(SqlDatabase& database);

// What the index tells about it, in words that no schema changes.
std::string stored_index_answers(SqlDatabase& database);

}  // namespace facet::detail
