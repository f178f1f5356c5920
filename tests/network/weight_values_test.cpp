// SPDX-License-Identifier: Apache-2.0
#include "network/weight_values.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>
#include <vector>

#include "format/half.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kCount = 1000;

std::vector<std::byte> some_halves() {
  std::vector<float> floats;
  for (std::size_t i = 0; i < kCount; ++i) floats.push_back(std::sin(static_cast<float>(i)));
  std::vector<std::byte> halves(2 * kCount);
  floats_to_halves(floats, halves);
  return halves;
}

std::vector<float> widened(const std::vector<std::byte>& halves) {
  std::vector<float> floats(halves.size() / 2);
  halves_to_floats(halves, floats);
  return floats;
}

TEST(WeightValues, ReadHalvesAsTheirFloats) {
  const std::vector<std::byte> halves = some_halves();
  const std::vector<float> floats = widened(halves);
  const WeightValues from_halves(copied_bytes(halves));
  const WeightValues from_floats(floats);
  for (const WeightValues* values : {&from_halves, &from_floats}) {
    EXPECT_EQ(values->size(), kCount);
    std::vector<float> part(37);
    values->read(101, part);
    EXPECT_EQ(part, std::vector<float>(floats.begin() + 101, floats.begin() + 138));
    EXPECT_EQ(values->floats(), floats);
    values->read(kCount - 37, part);
    EXPECT_EQ(part, std::vector<float>(floats.end() - 37, floats.end()));
  }
  EXPECT_EQ(WeightValues().size(), 0U);
  EXPECT_TRUE(WeightValues().floats().empty());
}

TEST(WeightValues, WidenOnceForAllThreads) {
  const std::vector<std::byte> halves = some_halves();
  const std::vector<float> floats = widened(halves);
  const WeightValues values(copied_bytes(halves));
  std::vector<const float*> seen(4);
  std::vector<std::thread> threads;
  for (const float*& of_thread : seen) {
    threads.emplace_back([&] { of_thread = values.floats().data(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const float* of_thread : seen) EXPECT_EQ(of_thread, seen.front());
  EXPECT_EQ(values.floats(), floats);
}

}  // namespace
}  // namespace facet::detail
