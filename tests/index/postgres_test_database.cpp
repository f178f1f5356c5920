// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "index/postgres_server.hpp"
#include "index/test_database.hpp"

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

std::string TestDatabase::missing() {
  return PostgresServer::missing();
}

}  // namespace facet::detail
