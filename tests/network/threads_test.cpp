// SPDX-License-Identifier: Apache-2.0
// The same photo gives the same answer with any number of threads.
#include <gtest/gtest.h>
#include <omp.h>

#include <thread>

#include "network/example_networks.hpp"

namespace facet::detail::testing {
namespace {

class ThreadSetting {
 public:
  explicit ThreadSetting(int threads) : before_(omp_get_max_threads()) {
    omp_set_num_threads(threads);
  }
  ~ThreadSetting() { omp_set_num_threads(before_); }
  ThreadSetting(const ThreadSetting&) = delete;
  ThreadSetting& operator=(const ThreadSetting&) = delete;

 private:
  int before_;
};

void expect_equal_for_any_threads(const NetworkSpec& spec, const FeatureMap& input,
                                  RandomSource& random) {
  const Network network(spec, random_weights(spec, random));
  NetworkRunner shared(network);
  shared.set_input(input);
  std::vector<float> alone;
  for (const int threads : {1, 2, 3, 4}) {
    const ThreadSetting setting(threads);
    NetworkRunner fresh(network);
    fresh.set_input(input);
    const std::vector<float> values = fresh.run(spec.layers.size() - 1).values;
    if (alone.empty()) alone = values;
    EXPECT_TRUE(values == alone) << threads << " threads";
    EXPECT_TRUE(shared.run(spec.layers.size() - 1).values == alone) << threads << " threads, seen";
  }
}

TEST(Threads, DoNotChangeTheMapsOfALocaliser) {
  RandomSource random(1);
  for (const auto& [count, side] : {std::pair{1, 201}, {1, 121}, {1, 40}, {5, 64}}) {
    SCOPED_TRACE(std::to_string(count) + " of " + std::to_string(side));
    expect_equal_for_any_threads(lnet_spec(16), random_map(count, side, side, 3, random), random);
  }
}

TEST(Threads, DoNotChangeTheFeaturesOfPatches) {
  RandomSource random(2);
  for (const int count : {1, 5, 18}) {
    SCOPED_TRACE(count);
    expect_equal_for_any_threads(anet_spec(10), random_map(count, 88, 88, 3, random), random);
  }
}

TEST(Threads, DoNotChangeSeveralDepths) {
  RandomSource random(5);
  for (const int count : {1, 5}) {
    SCOPED_TRACE(count);
    expect_equal_for_any_threads(depths_spec(10), random_map(count, 20, 20, 3, random), random);
  }
}

TEST(Threads, DoNotChangeConvolutionsOfSmallMaps) {
  // Shapes for which oneDNN's first choice of kernel depends on the threads (AVX-512).
  RandomSource random(3);
  struct Case {
    Layer layer;
    int count, height, width;
  };
  for (const Case& one : {Case{convolution("A", 265, 82, 5, 2), 2, 6, 10},
                          Case{convolution("B", 115, 123, 3, 1, 2), 1, 9, 10},
                          Case{convolution("C", 234, 100, 5, 1, 3), 1, 7, 5},
                          Case{convolution("D", 176, 56, 4, 1, 2), 1, 6, 7},
                          Case{convolution("E", 260, 19, 5, 2, 2), 1, 6, 11}}) {
    SCOPED_TRACE(one.layer.name);
    NetworkSpec spec;
    spec.layers = {one.layer};
    expect_equal_for_any_threads(
        spec, random_map(one.count, one.height, one.width, one.layer.in_channels, random), random);
  }
}

TEST(Threads, RunOneNetworkAtTheSameTime) {
  RandomSource random(4);
  const NetworkSpec spec = anet_spec(4);
  const Network network(spec, random_weights(spec, random));
  const FeatureMap input = random_map(2, 88, 88, 3, random);
  NetworkRunner alone(network);
  alone.set_input(input);
  const std::vector<float> expected = alone.run(6).values;
  std::vector<int> right(4, 0);
  std::vector<std::thread> threads;
  for (int& count : right) {
    threads.emplace_back([&network, &input, &expected, &count] {
      NetworkRunner runner(network);
      for (int round = 0; round < 5; ++round) {
        runner.set_input(input);
        count += runner.run(6).values == expected ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, std::vector<int>(4, 5));
}

}  // namespace
}  // namespace facet::detail::testing
