#include "workers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace facet::cli {
namespace {

PhotoResult numbered(std::size_t item) {
  PhotoResult result;
  result.path = std::to_string(item);
  return result;
}

class Workers : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Threads, Workers, ::testing::Values(1, 2, 7));

TEST_P(Workers, DeliverInOrder) {
  std::size_t next = 0;
  const auto make_work = [] {
    return [](std::size_t item) {
      if (item % 5 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
      return numbered(item);
    };
  };
  run_in_order(200, GetParam(), make_work, [&](const PhotoResult& result) {
    EXPECT_EQ(result.path, std::to_string(next));
    ++next;
  });
  EXPECT_EQ(next, 200U);
}

TEST_P(Workers, PassOnTheFirstFailure) {
  const auto make_work = [] {
    return [](std::size_t item) {
      if (item == 50) throw std::runtime_error("fifty");
      return numbered(item);
    };
  };
  EXPECT_THROW(run_in_order(1000, GetParam(), make_work, [](const PhotoResult&) {}),
               std::runtime_error);
  EXPECT_THROW(run_in_order(
                   1000, GetParam(), [] { return numbered; },
                   [](const PhotoResult&) { throw std::logic_error("full disk"); }),
               std::logic_error);
  EXPECT_THROW(run_in_order(
                   3, GetParam(), []() -> Work { throw std::runtime_error("no memory"); },
                   [](const PhotoResult&) {}),
               std::runtime_error);
}

TEST_P(Workers, DoNothingWithoutItems) {
  run_in_order(
      0, GetParam(), [] { return numbered; }, [](const PhotoResult&) { FAIL(); });
}

TEST(Workers, WaitForTheSlowestRatherThanPileUpResults) {
  std::atomic<std::size_t> furthest = 0;
  const auto make_work = [&] {
    return [&](std::size_t item) {
      if (item == 0) std::this_thread::sleep_for(std::chrono::milliseconds(100));
      std::size_t seen = furthest;
      while (item > seen && !furthest.compare_exchange_weak(seen, item)) {
      }
      return numbered(item);
    };
  };
  std::size_t furthest_at_first = 0;
  run_in_order(100'000, 3, make_work, [&](const PhotoResult& result) {
    if (result.path == "0") furthest_at_first = furthest;
  });
  EXPECT_LT(furthest_at_first, 1000U);
}

}  // namespace
}  // namespace facet::cli
