// SPDX-License-Identifier: Apache-2.0
#include "index/postgres_server.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

#include "index/postgres/postgres_database.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

// The newest of Debian's folders.
fs::path programs() {
  for (const char* version : {"17", "16", "15"}) {
    const fs::path folder = fs::path("/usr/lib/postgresql") / version / "bin";
    if (fs::exists(folder / "initdb")) return folder;
  }
  return {};
}

bool is_root() {
  return ::geteuid() == 0;
}

}  // namespace

std::string PostgresServer::missing() {
  if (programs().empty()) return "PostgreSQL is not installed (Debian: postgresql-15)";
  if (is_root() && ::getpwnam("postgres") == nullptr) return "there is no user postgres";
  try {
    open_postgres("postgresql://nobody@/nothing?host=/nowhere");
  } catch (const std::exception& error) {
    const std::string reason = error.what();
    if (reason.find("libpq") != std::string::npos) return reason;
  }
  return {};
}

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

PostgresServer::PostgresServer() {
  std::string name = (fs::temp_directory_path() / "facet-postgres-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  folder_ = name;
  if (is_root()) {
    const passwd* user = ::getpwnam("postgres");
    if (::chown(name.c_str(), user->pw_uid, user->pw_gid) != 0) {
      throw std::runtime_error("cannot give away " + name);
    }
  }
  const std::string data = name + "/data";
  run("initdb -D " + data + " -U tester -A trust --no-sync --locale=C -E UTF8");
  // Nothing is to survive the machine: it need not wait for disks.
  run("pg_ctl -D " + data + " -l " + name + "/log -w -o \"-c listen_addresses='' -c " +
      "unix_socket_directories=" + name + " -c fsync=off -c full_page_writes=off -c " +
      "autovacuum=off\" start");
}

PostgresServer::~PostgresServer() {
  try {
    run("pg_ctl -D " + folder_.string() + "/data -m immediate stop");
  } catch (const std::exception&) {
    // Then it is gone already.
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void PostgresServer::run(const std::string& command) const {
  // A script, so that nothing has to be quoted twice.
  const fs::path script = folder_ / "command";
  std::ofstream(script) << "exec >> " << folder_.string() << "/out 2>&1\n"
                        << (programs() / command).string() << '\n';
  fs::permissions(script, fs::perms::others_read, fs::perm_options::add);
  const std::string line = (is_root() ? "runuser -u postgres -- sh " : "sh ") + script.string();
  if (std::system(line.c_str()) != 0) {
    std::ifstream out(folder_ / "out");
    throw std::runtime_error(command + ": " + std::string(std::istreambuf_iterator<char>(out), {}));
  }
}

std::string PostgresServer::url(const std::string& database) const {
  return "postgresql://tester@/" + database + "?host=" + folder_.string();
}

std::string PostgresServer::make_database(const std::string& name) {
  open_postgres(url("postgres"))->execute("CREATE DATABASE " + name);
  return url(name);
}

std::string PostgresServer::table_files(const std::string& name) {
  const auto database = open_postgres(url(name));
  database->execute("CHECKPOINT");
  const auto oid =
      sql_integer(*database, "SELECT oid::bigint FROM pg_database WHERE datname = $1", {name});
  std::string all;
  for (const auto& entry :
       fs::directory_iterator(folder_ / "data" / "base" / std::to_string(oid.value()))) {
    std::ifstream file(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(file), {});
  }
  return all;
}

}  // namespace facet::detail
