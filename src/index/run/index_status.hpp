// SPDX-License-Identifier: Apache-2.0
// What an index holds, in numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "index/sql/sql_database.hpp"
#include "index/store/generation_table.hpp"

namespace facet::detail {

struct IndexStatus {
  std::optional<Generation> generation;  // none: nothing was ever added
  int schema = 0;
  std::int64_t photos = 0;   // all rows
  std::int64_t offline = 0;  // whose files were not there
  std::int64_t faces = 0;
  std::int64_t outdated = 0;  // described by an older generation
  std::int64_t crops = 0;
  std::int64_t named_faces = 0;
  std::int64_t verdicts = 0;   // of people
  std::int64_t forgotten = 0;  // tombstones
  std::int64_t bytes = 0;
  bool features = false;
  std::vector<std::pair<std::string, std::string>> unreadable;  // path and reason
};

IndexStatus index_status(SqlDatabase& database);
// For people, lines with their ends.
std::string status_text(const IndexStatus& status, const std::string& location);

}  // namespace facet::detail
