// SPDX-License-Identifier: Apache-2.0
#include "base/large_pages.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

namespace facet::detail {
namespace {

#if defined(__GLIBC__) && defined(__linux__)

// What the system says of the pages around an address.
std::string flags_at(const void* address) {
  const auto place = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream maps("/proc/self/smaps");
  bool here = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::istringstream words(line);
    if (words >> std::hex >> begin >> dash >> end && dash == '-') {
      here = begin <= place && place < end;
    }
    if (here && line.rfind("VmFlags:", 0) == 0) return line + ' ';
  }
  return {};
}

// In a process of its own: there is no way back.
[[noreturn]] void allocate_in_large_pages() {
  keep_heap_in_large_pages();
  constexpr std::size_t size = std::size_t{16} << 20;
  void* volatile block = std::malloc(size);
  const std::string flags = flags_at(static_cast<char*>(block) + size / 2);
  std::cerr << flags << '\n';
  std::free(block);
  void* volatile again = std::malloc(size);
  std::cerr << (again == block ? "the same block" : "another block") << '\n';
  std::exit(flags.find(" hg ") != std::string::npos && again == block ? 0 : 1);
}

TEST(LargePages, HoldLargeBlocksOfTheHeapWhichAreUsedAgain) {
  if (!std::filesystem::exists("/sys/kernel/mm/transparent_hugepage")) {
    GTEST_SKIP() << "this system has no large pages";
  }
  EXPECT_EXIT(allocate_in_large_pages(), testing::ExitedWithCode(0), "");
}

#endif

}  // namespace
}  // namespace facet::detail
