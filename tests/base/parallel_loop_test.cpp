// SPDX-License-Identifier: Apache-2.0
#include "base/parallel_loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

namespace facet::detail {
namespace {

TEST(ParallelLoop, CallsEachIndexOnce) {
  for (const int threads : {-1, 1, 3, 50}) {
    std::vector<std::atomic<int>> calls(20);
    for_each_parallel(calls.size(), threads, [&](std::size_t i) { ++calls[i]; });
    for (const auto& count : calls) EXPECT_EQ(count, 1) << threads;
  }
}

TEST(ParallelLoop, MakesWorkOnceInEveryThreadAndForNothingNever) {
  std::atomic<int> made = 0;
  std::atomic<int> wrong_thread = 0;
  const auto make = [&]() -> IndexedWork {
    ++made;
    return [&, thread = std::this_thread::get_id()](std::size_t) {
      if (std::this_thread::get_id() != thread) ++wrong_thread;
    };
  };
  for_each_worker(0, 3, make);
  EXPECT_EQ(made, 0);
  for_each_worker(40, 3, make);
  EXPECT_EQ(made, 3);
  EXPECT_EQ(wrong_thread, 0);
}

TEST(ParallelLoop, ThrowsTheFirstFailureAndStops) {
  std::atomic<int> calls = 0;
  const auto work = [&](std::size_t) {
    ++calls;
    throw std::runtime_error("no");
  };
  EXPECT_THROW(for_each_parallel(1000, 4, work), std::runtime_error);
  EXPECT_LE(calls, 4);
  const auto make = []() -> IndexedWork { throw std::runtime_error("no"); };
  EXPECT_THROW(for_each_worker(10, 2, make), std::runtime_error);
}

}  // namespace
}  // namespace facet::detail
