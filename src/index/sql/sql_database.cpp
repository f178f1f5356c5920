// SPDX-License-Identifier: Apache-2.0
#include "index/sql/sql_database.hpp"

namespace facet::detail {

std::optional<std::int64_t> sql_integer(SqlDatabase& database, std::string_view sql,
                                        std::initializer_list<SqlParameter> parameters) {
  std::optional<std::int64_t> value;
  database.run(sql, parameters, [&](const SqlRow& row) {
    if (!value && !row.is_null(0)) value = row.integer(0);
  });
  return value;
}

std::optional<std::string> sql_text(SqlDatabase& database, std::string_view sql,
                                    std::initializer_list<SqlParameter> parameters) {
  std::optional<std::string> value;
  database.run(sql, parameters, [&](const SqlRow& row) {
    if (!value && !row.is_null(0)) value = std::string(row.text(0));
  });
  return value;
}

}  // namespace facet::detail
