// SPDX-License-Identifier: Apache-2.0
#include "photos/ordered_workers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>

namespace facet::detail {
namespace {

constexpr std::size_t together = 4;

std::vector<PhotoResult> numbered(ItemRange items) {
  std::vector<PhotoResult> results(items.count);
  for (std::size_t i = 0; i < items.count; ++i) results[i].path = std::to_string(items.first + i);
  return results;
}

bool holds(ItemRange items, std::size_t item) {
  return items.first <= item && item < items.first + items.count;
}

class Workers : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Threads, Workers, ::testing::Values(1, 2, 7));

TEST_P(Workers, DeliverInOrder) {
  std::size_t next = 0;
  const auto make_work = [] {
    return [](ItemRange items) {
      if (items.first % 5 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
      return numbered(items);
    };
  };
  run_in_order(200, GetParam(), together, make_work, [&](const PhotoResult& result) {
    EXPECT_EQ(result.path, std::to_string(next));
    ++next;
  });
  EXPECT_EQ(next, 200U);
}

TEST_P(Workers, PassOnTheFirstFailure) {
  const auto make_work = [] {
    return [](ItemRange items) {
      if (holds(items, 50)) throw std::runtime_error("fifty");
      return numbered(items);
    };
  };
  EXPECT_THROW(run_in_order(1000, GetParam(), together, make_work, [](const PhotoResult&) {}),
               std::runtime_error);
  EXPECT_THROW(run_in_order(
                   1000, GetParam(), together, [] { return numbered; },
                   [](const PhotoResult&) { throw std::logic_error("full disk"); }),
               std::logic_error);
  EXPECT_THROW(run_in_order(
                   3, GetParam(), together, []() -> Work { throw std::runtime_error("no memory"); },
                   [](const PhotoResult&) {}),
               std::runtime_error);
}

TEST_P(Workers, DoNothingWithoutItems) {
  run_in_order(
      0, GetParam(), together, [] { return numbered; }, [](const PhotoResult&) { FAIL(); });
}

TEST_P(Workers, TakeAFewItemsAtATimeAndEachItemOnce) {
  std::mutex mutex;
  std::vector<std::size_t> counts;
  const auto make_work = [&] {
    return [&](ItemRange items) {
      const std::lock_guard lock(mutex);
      counts.push_back(items.count);
      return numbered(items);
    };
  };
  run_in_order(100, GetParam(), together, make_work, [](const PhotoResult&) {});
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::size_t{0}), 100U);
  EXPECT_EQ(*std::max_element(counts.begin(), counts.end()), GetParam() == 7 ? 3U : together);
}

TEST(Workers, ShareFewItemsEvenly) {
  const auto make_work = [] {
    return [](ItemRange items) {
      EXPECT_EQ(items.count, 1U);
      return numbered(items);
    };
  };
  run_in_order(8, 2, 8, make_work, [](const PhotoResult&) {});
}

TEST(Workers, WaitForTheSlowestRatherThanPileUpResults) {
  std::atomic<std::size_t> furthest = 0;
  const auto make_work = [&] {
    return [&](ItemRange items) {
      if (items.first == 0) std::this_thread::sleep_for(std::chrono::milliseconds(100));
      std::size_t seen = furthest;
      while (items.first > seen && !furthest.compare_exchange_weak(seen, items.first)) {
      }
      return numbered(items);
    };
  };
  std::size_t furthest_at_first = 0;
  run_in_order(100'000, 3, together, make_work, [&](const PhotoResult& result) {
    if (result.path == "0") furthest_at_first = furthest;
  });
  EXPECT_LT(furthest_at_first, 1000U);
}

}  // namespace
}  // namespace facet::detail
