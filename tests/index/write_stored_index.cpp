// SPDX-License-Identifier: Apache-2.0
// Writes the index that migration_test.cpp keeps of a schema, in this version of it. To be run once
// for each version, before it is released:
//   write_stored_index tests/index/schemas/N.db
//   write_stored_index postgresql://… && pg_dump --inserts --no-owner --schema=facet … |
//     grep -v '^--\|^\\' > tests/index/schemas/N.sql
#include <iostream>

#include "index/store/open_index.hpp"
#include "index/stored_index.hpp"

int main(int argc, char** argv) {
  using namespace facet::detail;
  if (argc != 2) return 2;
  try {
    const auto database = open_or_make_index(argv[1]);
    fill_stored_index(*database);
    std::cout << stored_index_answers(*database);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
