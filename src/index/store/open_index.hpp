// SPDX-License-Identifier: Apache-2.0
// Where an index lies, and how it is opened.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "index/sql/sql_database.hpp"

namespace facet::detail {

// What --db names: a file, or postgresql://… Empty: FACET_DB, else facet/index.db in
// XDG_DATA_HOME, else in ~/.local/share.
std::string index_location(const std::string& named);
bool is_postgres_location(const std::string& location);

// For search: nothing is written. Throws Error: not_found, unreadable, unsupported, io.
std::unique_ptr<SqlDatabase> open_index(const std::string& location);
// For facet index and corrections: made where it is missing, brought up to date where it is old.
// A new file, and the folders that are made for it, can be read by their owner alone.
std::unique_ptr<SqlDatabase> open_or_make_index(const std::string& location);

}  // namespace facet::detail
