// SPDX-License-Identifier: Apache-2.0
#include "index/run/run_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

// Not on the database itself: on some network disks this lock and SQLite's own are of one kind.
std::string lock_file(const SqlDatabase& database) {
  return database.name() + ".lock";
}

}  // namespace

RunLock::RunLock(SqlDatabase& database) : database_(database) {
  if (database.dialect() == SqlDialect::postgres) {
    database.run("SELECT pg_advisory_lock_shared(7162)");
    return;
  }
  descriptor_ = ::open(lock_file(database).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor_ < 0 || ::flock(descriptor_, LOCK_SH) != 0) {
    throw Error(ErrorCode::io, lock_file(database) +
                                   ": cannot be locked: " + std::generic_category().message(errno));
  }
}

RunLock::~RunLock() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
    return;
  }
  try {
    database_.run("SELECT pg_advisory_unlock_all()");
  } catch (const Error&) {
    // Then the connection is gone, and the lock with it.
  }
}

bool RunLock::try_alone() {
  if (alone_) return true;
  if (descriptor_ >= 0) {
    alone_ = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
    // The change of a lock is no single step: where it fails even the shared one may be lost.
    if (!alone_) ::flock(descriptor_, LOCK_SH);
    return alone_;
  }
  database_.run("SELECT pg_advisory_unlock_shared(7162)");
  alone_ = sql_integer(database_, "SELECT pg_try_advisory_lock(7162)::int").value_or(0) != 0;
  if (!alone_) database_.run("SELECT pg_advisory_lock_shared(7162)");
  return alone_;
}

}  // namespace facet::detail
