// SPDX-License-Identifier: Apache-2.0
// An empty database of the kind that the test program is about: the same tests are built twice.
#pragma once

#include <memory>
#include <string>

namespace facet::detail {

class TestDatabase {
 public:
  TestDatabase();
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  // What --db takes.
  [[nodiscard]] const std::string& location() const { return location_; }
  // All bytes of the files that the database consists of, where they can be read.
  [[nodiscard]] std::string contents() const;

  // What tests/index/schemas keeps of a version, to be given to restore(); empty where there is
  // nothing.
  static std::string stored(int version);
  void restore(const std::string& stored) const;

  // Empty where there can be such databases here; otherwise why tests are skipped.
  static std::string missing();

 private:
  struct Place;
  std::unique_ptr<Place> place_;
  std::string location_;
};

}  // namespace facet::detail
