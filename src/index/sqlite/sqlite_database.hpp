// SPDX-License-Identifier: Apache-2.0
// An index in one file, by SQLite.
#pragma once

#include <filesystem>
#include <memory>

#include "index/sql/sql_database.hpp"

namespace facet::detail {

enum class SqliteMode {
  read,    // the file must be there
  create,  // made where it is missing, readable and writable for its owner alone (0600)
};

// Throws Error: not_found, io (no database, not readable, …).
std::unique_ptr<SqlDatabase> open_sqlite(const std::filesystem::path& file, SqliteMode mode);

}  // namespace facet::detail
