// SPDX-License-Identifier: Apache-2.0
// Several runs may fill one index, but only one may fold its chunks, and only while no other runs.
#pragma once

#include <memory>

#include "index/sql/sql_database.hpp"

namespace facet::detail {

// Held by a run as long as it lives, shared with others. The end of the process ends it, too.
class RunLock {
 public:
  explicit RunLock(SqlDatabase& database);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

  // True where this is the only run, and will be until the lock is given back.
  bool try_alone();

 private:
  SqlDatabase& database_;
  int descriptor_ = -1;  // of the lock file beside an SQLite database
  bool alone_ = false;
};

}  // namespace facet::detail
