// SPDX-License-Identifier: Apache-2.0
#include "index/test_database.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {

struct TestDatabase::Place {
  TemporaryFolder folder;
};

TestDatabase::TestDatabase() : place_(std::make_unique<Place>()) {
  location_ = (place_->folder / "index.db").string();
}

TestDatabase::~TestDatabase() = default;

std::string TestDatabase::contents() const {
  std::string all;
  for (const char* end : {"", "-wal", "-shm", "-journal"}) {
    const std::filesystem::path file = location_ + end;
    if (std::filesystem::exists(file)) all += read_all(file);
  }
  return all;
}

std::string TestDatabase::stored(int version) {
  const std::string file =
      FACET_SOURCE_DIR "/tests/index/schemas/" + std::to_string(version) + ".db";
  return std::filesystem::exists(file) ? read_all(file) : std::string();
}

void TestDatabase::restore(const std::string& stored) const {
  write_all(location_, stored);
}

std::string TestDatabase::missing() {
  return {};
}

}  // namespace facet::detail
