// SPDX-License-Identifier: Apache-2.0
// A runner allocates nothing for a shape that it has seen.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "describe/one_pass/one_pass_runner.hpp"
#include "network/example_networks.hpp"

// Bounds of this program's own code, from the linker.
extern "C" const char __executable_start;
extern "C" const char etext;

namespace {

// oneDNN keeps a few words of bookkeeping for each execution, which are its own affair: counted
// are allocations by this program's code, and by anyone those that could hold a map.
std::atomic<bool> counting{false};
std::atomic<int> own_allocations{0};
std::atomic<int> large_allocations{0};
constexpr std::size_t large = 4096;

void* allocate(std::size_t size, std::size_t alignment, const void* caller) {
  if (counting) {
    const auto address = reinterpret_cast<std::uintptr_t>(caller);
    const bool own = address >= reinterpret_cast<std::uintptr_t>(&__executable_start) &&
                     address < reinterpret_cast<std::uintptr_t>(&etext);
    if (own) ++own_allocations;
    if (size >= large) ++large_allocations;
  }
  void* memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

// Not inlined: where the compiler sees free beside operator new it warns of a mismatch.
[[gnu::noinline]] void release(void* memory) {
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
  return allocate(size, 16, __builtin_return_address(0));
}
void* operator new[](std::size_t size) {
  return allocate(size, 16, __builtin_return_address(0));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment), __builtin_return_address(0));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment), __builtin_return_address(0));
}
void operator delete(void* memory) noexcept {
  release(memory);
}
void operator delete[](void* memory) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  release(memory);
}

namespace facet::detail::testing {
namespace {

struct Counts {
  int own = 0;
  int large = 0;
};

template <typename Action>
Counts count_allocations(const Action& action) {
  own_allocations = 0;
  large_allocations = 0;
  counting = true;
  action();
  counting = false;
  return {own_allocations, large_allocations};
}

TEST(Allocation, IsCounted) {
  const Counts counts = count_allocations([] {
    std::vector<float> values(2000);
    values[0] = 1;
    volatile float kept = values[0];
    (void)kept;
  });
  EXPECT_EQ(counts.own, 1);
  EXPECT_EQ(counts.large, 1);
}

class AllocationAt : public ::testing::TestWithParam<Precision> {
 protected:
  void SetUp() override {
    if (GetParam() == Precision::bf16 && !processor_has_bf16()) {
      GTEST_SKIP() << "this processor has no instructions for bf16";
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Precisions, AllocationAt,
                         ::testing::Values(Precision::fp32, Precision::bf16),
                         [](const auto& one) { return precision_name(one.param); });

void expect_none_once_seen(const NetworkSpec& spec, Precision precision,
                           const std::vector<std::vector<Image>>& batches) {
  RandomSource random(1);
  const Network network(spec, random_weights(spec, random));
  NetworkRunner runner(network, precision);
  runner.keep(2);
  const std::size_t last = spec.layers.size() - 1;
  const auto run_all = [&] {
    for (const std::vector<Image>& batch : batches) {
      runner.set_input(batch);
      runner.run(last);
    }
  };
  EXPECT_GT(count_allocations(run_all).own, 0);
  const Counts counts = count_allocations(run_all);
  EXPECT_EQ(counts.own, 0);
  EXPECT_EQ(counts.large, 0);
}

TEST_P(AllocationAt, EndsOnceALocaliserHasSeenItsShapes) {
  expect_none_once_seen(
      lnet_spec(8), GetParam(),
      {{Image(120, 90)}, {Image(60, 45)}, {Image(240, 180)}, std::vector<Image>(4, Image(64, 64))});
}

TEST_P(AllocationAt, EndsOnceAPatchNetworkHasSeenItsShapes) {
  expect_none_once_seen(anet_spec(8), GetParam(),
                        {std::vector<Image>(3, Image(88, 88)),
                         {Image(88, 88)},
                         std::vector<Image>(18, Image(88, 88))});
}

TEST_P(AllocationAt, EndsOnceSeveralDepthsHaveSeenTheirShapes) {
  expect_none_once_seen(depths_spec(8), GetParam(),
                        {std::vector<Image>(3, Image(20, 20)),
                         {Image(20, 20)},
                         std::vector<Image>(8, Image(20, 20))});
}

TEST_P(AllocationAt, EndsOnceAOnePassRunnerHasSeenItsGrids) {
  RandomSource random(2);
  const NetworkSpec spec = anet_spec(8);
  const Network network(spec, random_weights(spec, random));
  OnePassRunner runner(network, GetParam());
  const std::vector<std::pair<std::vector<Image>, PatchGrid>> inputs = {
      {{Image(104, 104), Image(104, 104)}, {88, {0, 4, 8}, {0, 8, 16}}},
      {{Image(96, 92)}, {88, {0, 4}, {4}}}};
  const auto run_all = [&] {
    for (const auto& [regions, grid] : inputs) {
      runner.set_input(regions);
      runner.run(grid, spec.layers.size() - 1);
    }
  };
  EXPECT_GT(count_allocations(run_all).own, 0);
  const Counts counts = count_allocations(run_all);
  EXPECT_EQ(counts.own, 0);
  EXPECT_EQ(counts.large, 0);
}

}  // namespace
}  // namespace facet::detail::testing
