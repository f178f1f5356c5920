// SPDX-License-Identifier: Apache-2.0
// What stands for PostgreSQL in a facet that was built without libpq's header.
#include "facet/error.hpp"
#include "index/postgres/postgres_database.hpp"

namespace facet::detail {

std::unique_ptr<SqlDatabase> open_postgres(const std::string& /*url*/) {
  throw Error(ErrorCode::unsupported,
              "this facet was built without PostgreSQL (Debian: libpq-dev when it is built)");
}

}  // namespace facet::detail
