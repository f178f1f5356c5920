// The same photo gives the same answer with any number of threads.
#include <gtest/gtest.h>
#include <omp.h>

#include <thread>

#include "network/example_networks.hpp"

namespace facet::testing {
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
  for (const auto& [count, side] : {std::pair{1, 330}, {1, 121}, {1, 40}, {7, 96}}) {
    SCOPED_TRACE(std::to_string(count) + " of " + std::to_string(side));
    expect_equal_for_any_threads(lnet_spec(24), random_map(count, side, side, 3, random), random);
  }
}

TEST(Threads, DoNotChangeTheFeaturesOfPatches) {
  RandomSource random(2);
  for (const int count : {1, 2, 5, 18, 90}) {
    SCOPED_TRACE(count);
    expect_equal_for_any_threads(anet_spec(20), random_map(count, 88, 88, 3, random), random);
  }
}

TEST(Threads, DoNotChangeRandomLayers) {
  RandomSource random(3);
  for (int round = 0; round < 30; ++round) {
    const int kernel = random.integer(1, 5);
    NetworkSpec spec;
    spec.layers = {convolution("C", random.integer(1, 300), random.integer(1, 200), kernel,
                               random.integer(1, 2), random.integer(0, kernel - 1))};
    SCOPED_TRACE(round);
    expect_equal_for_any_threads(
        spec,
        random_map(random.integer(1, 20), random.integer(kernel, 12), random.integer(kernel, 12),
                   spec.layers[0].in_channels, random),
        random);
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
}  // namespace facet::testing
