// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL server of the test's own: no network, a folder that goes when the program ends.
#pragma once

#include <filesystem>
#include <string>

namespace facet::detail {

class PostgresServer {
 public:
  // Started when first asked for. Throws std::runtime_error where that fails.
  static PostgresServer& shared();
  // Empty where Debian's PostgreSQL is installed; otherwise what is missing.
  static std::string missing();

  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // Returns its URL.
  std::string make_database(const std::string& name);
  // All bytes of the files of its tables, after a checkpoint.
  std::string table_files(const std::string& name);

 private:
  [[nodiscard]] std::string url(const std::string& database) const;
  // Throws unless the command succeeds. Root runs it as `postgres`: the server refuses root.
  void run(const std::string& command) const;

  std::filesystem::path folder_;
};

}  // namespace facet::detail
