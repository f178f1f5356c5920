// SPDX-License-Identifier: Apache-2.0
// Photos of an index by the paths that somebody typed.
#pragma once

#include <string>
#include <vector>

#include "index/sql/sql_database.hpp"
#include "index/store/photo_table.hpp"

namespace facet::detail {

// Photos that could be read and are not offline, at these paths or below them; all where there are
// no paths. By path. Throws Error(not_found) for a path without any.
std::vector<PhotoRow> indexed_photos(SqlDatabase& database, const std::vector<std::string>& paths);

}  // namespace facet::detail
