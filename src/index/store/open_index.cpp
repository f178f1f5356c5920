// SPDX-License-Identifier: Apache-2.0
#include "index/store/open_index.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <system_error>

#include "facet/error.hpp"
#include "index/postgres/postgres_database.hpp"
#include "index/sqlite/sqlite_database.hpp"
#include "index/store/schema.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

void make_private_folders(const fs::path& folder) {
  if (folder.empty() || fs::exists(folder)) return;
  make_private_folders(folder.parent_path());
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw Error(ErrorCode::io,
                folder.string() + ": cannot be made: " + std::generic_category().message(errno));
  }
}

// What is left of an index that could not be made, on a full disk for instance. An index with
// tables, which another process may have made meanwhile, has more than a page.
void remove_unfinished(const fs::path& file) {
  constexpr std::uintmax_t page = 4096;
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  if (error || size > page) return;
  for (const char* part : {"", "-wal", "-shm"}) fs::remove(file.string() + part, error);
}

}  // namespace

std::string index_location(const std::string& named) {
  if (!named.empty()) return named;
  if (std::string set = environment("FACET_DB"); !set.empty()) return set;
  const std::string data = environment("XDG_DATA_HOME");
  if (fs::path(data).is_absolute()) return (fs::path(data) / "facet" / "index.db").string();
  const std::string home = environment("HOME");
  if (home.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "where is the index? Name it with --db FILE: neither FACET_DB nor HOME is set");
  }
  return (fs::path(home) / ".local" / "share" / "facet" / "index.db").string();
}

bool is_postgres_location(const std::string& location) {
  return location.starts_with("postgresql://") || location.starts_with("postgres://");
}

std::unique_ptr<SqlDatabase> open_index(const std::string& location) {
  auto database = is_postgres_location(location)
                      ? open_postgres(location)
                      : open_sqlite(fs::absolute(location), SqliteMode::read);
  check_schema(*database);
  return database;
}

std::unique_ptr<SqlDatabase> open_or_make_index(const std::string& location) {
  if (is_postgres_location(location)) {
    auto database = open_postgres(location);
    prepare_schema(*database);
    return database;
  }
  const fs::path file = fs::absolute(location);
  make_private_folders(file.parent_path());
  const bool is_new = !fs::exists(file);
  try {
    auto database = open_sqlite(file, SqliteMode::create);
    prepare_schema(*database);
    return database;
  } catch (const Error&) {
    if (is_new) remove_unfinished(file);
    throw;
  }
}

}  // namespace facet::detail
