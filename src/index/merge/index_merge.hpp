// SPDX-License-Identifier: Apache-2.0
// Makes one index of several, such as the tasks of a job array leave behind.
#pragma once

#include <span>

#include "index/merge/merged_photos.hpp"
#include "index/sql/sql_database.hpp"

namespace facet::detail {

// Throws Error(invalid_argument) where they were made with different models, heads, precisions or
// options, or hold photos that another model described, or where one is named twice. Changes
// nothing. Empty indexes fit all others.
void check_mergeable(std::span<SqlDatabase* const> indexes);

// Adds what the others hold to `out`, all or nothing: what ends the process in the middle leaves it
// as it was. Of two rows about one path the photo that can be read wins, then the one that is not
// offline, then the one that was changed last. What people said and forgot counts wherever they
// did; the last word wins. Checks all as check_mergeable() does. The others stay as they are.
MergeCounts merge_indexes(SqlDatabase& out, std::span<SqlDatabase* const> others);

}  // namespace facet::detail
