// SPDX-License-Identifier: Apache-2.0
// An index in PostgreSQL (15 or newer), in a schema of its own called facet.
#pragma once

#include <memory>
#include <string>

#include "index/sql/sql_database.hpp"

namespace facet::detail {

// The client library, libpq.so.5, is loaded when it is first asked for: it brings twenty others,
// and most people never need them. Throws Error: unsupported (the library is missing, or facet was
// built without its header), io (no such server or database, no permission).
std::unique_ptr<SqlDatabase> open_postgres(const std::string& url);

}  // namespace facet::detail
