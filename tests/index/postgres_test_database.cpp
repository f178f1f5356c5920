// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>

#include "index/postgres/postgres_database.hpp"
#include "index/postgres_server.hpp"
#include "index/test_database.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {

struct TestDatabase::Place {
  std::string name;
};

TestDatabase::TestDatabase() : place_(std::make_unique<Place>()) {
  static int made = 0;
  place_->name = "test" + std::to_string(made++);
  location_ = PostgresServer::shared().make_database(place_->name);
}

TestDatabase::~TestDatabase() = default;  // they go with their server

std::string TestDatabase::contents() const {
  return PostgresServer::shared().table_files(place_->name);
}

std::string TestDatabase::stored(int version) {
  const std::string file =
      FACET_SOURCE_DIR "/tests/index/schemas/" + std::to_string(version) + ".sql";
  return std::filesystem::exists(file) ? read_all(file) : std::string();
}

void TestDatabase::restore(const std::string& stored) const {
  open_postgres(location_)->execute(stored);
}

std::string TestDatabase::missing() {
  return PostgresServer::missing();
}

}  // namespace facet::detail
