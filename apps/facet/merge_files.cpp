// SPDX-License-Identifier: Apache-2.0
#include "merge_files.hpp"

#include <iostream>
#include <memory>

#include "exit_code.hpp"
#include "facet/error.hpp"
#include "index/merge/index_merge.hpp"
#include "index/run/forget.hpp"
#include "index/store/open_index.hpp"

namespace facet::cli {
using namespace detail;

int merge_files(const std::vector<std::string>& locations) {
  if (locations.size() < 2) {
    throw Error(ErrorCode::invalid_argument,
                "--merge takes the index to add to, and then those to add");
  }
  std::vector<std::unique_ptr<SqlDatabase>> open;
  std::vector<SqlDatabase*> others;
  for (std::size_t i = 1; i < locations.size(); ++i) {
    open.push_back(open_index(locations[i]));
    others.push_back(open.back().get());
  }
  check_mergeable(others);  // before anything is made
  const auto out = open_or_make_index(locations.front());
  const MergeCounts counts = merge_indexes(*out, others);
  if (counts.forgotten > 0) erase_traces(*out);
  std::cout << counts.photos << (counts.photos == 1 ? " photo" : " photos") << " added";
  const auto also = [](std::size_t count, const char* what) {
    if (count > 0) std::cout << ", " << count << what;
  };
  also(counts.replaced, " replaced by newer ones");
  std::cout << ", " << counts.faces << (counts.faces == 1 ? " face" : " faces") << " in them";
  also(counts.already, " there already");
  also(counts.forgotten, " left out as forgotten");
  std::cout << std::endl;
  if (counts.forgotten > 0) {
    std::cerr << "facet: the indexes that were merged still hold what was forgotten; delete them\n";
  }
  return exit_ok;
}

}  // namespace facet::cli
