// SPDX-License-Identifier: Apache-2.0
// Networks at bf16 against the same at fp32.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>

#include "facet/error.hpp"
#include "network/example_networks.hpp"

namespace facet::detail::testing {
namespace {

// Tests of bf16 say so and stop where the processor lacks it.
class Bf16 : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!processor_has_bf16()) GTEST_SKIP() << "this processor has no instructions for bf16";
  }
};
class Bf16Layers : public Bf16 {};
class Bf16Networks : public Bf16 {};

// bf16 keeps eight significant bits: a value is off by at most 2^-9 of itself.
constexpr float kHalfStep = 1.0F / 512;

FeatureMap run(const Network& network, const FeatureMap& input, std::size_t last,
               Precision precision) {
  NetworkRunner runner(network, precision);
  runner.set_input(input);
  return runner.run(last);
}

double largest(const FeatureMap& map) {
  double most = 0;
  for (const float value : map.values) most = std::max<double>(most, std::abs(value));
  return most;
}

// The largest difference over the largest value.
double relative_error(const FeatureMap& actual, const FeatureMap& expected) {
  EXPECT_EQ(actual.values.size(), expected.values.size());
  double most = 0;
  for (std::size_t i = 0; i < std::min(actual.values.size(), expected.values.size()); ++i) {
    most = std::max<double>(most, std::abs(actual.values[i] - expected.values[i]));
  }
  return most / std::max(largest(expected), 1e-6);
}

// One layer of random weights on a random map: its error comes from rounding what goes in.
void expect_layer_within_rounding(const Layer& layer, int count, int height, int width,
                                  RandomSource& random) {
  SCOPED_TRACE(layer.name + " " + std::to_string(layer.in_channels) + " to " +
               std::to_string(layer.out_channels) + ", kernel " + std::to_string(layer.kernel) +
               " on " + std::to_string(count) + "x" + std::to_string(height) + "x" +
               std::to_string(width));
  NetworkSpec spec;
  spec.layers = {layer};
  const Network network(spec, random_weights(spec, random));
  const FeatureMap input = random_map(count, height, width, layer.in_channels, random);
  const FeatureMap exact = run(network, input, 0, Precision::fp32);
  const FeatureMap rounded = run(network, input, 0, Precision::bf16);
  // A sum's terms are below one in sum of squares; each is off by two roundings at most.
  EXPECT_LT(relative_error(rounded, exact), 6 * kHalfStep);
  EXPECT_FALSE(rounded.values == exact.values);
}

TEST_F(Bf16Layers, AreWithinRoundingOfFp32) {
  RandomSource random(1);
  for (int round = 0; round < 12; ++round) {
    const int in = random.integer(4, 70);
    const int out = random.integer(4, 70);
    const int kernel = random.integer(1, 4);
    const int side = random.integer(8, 20);
    expect_layer_within_rounding(
        convolution("C", in, out, kernel, random.integer(1, 2), random.integer(0, kernel - 1)), 2,
        side, side + 3, random);
    expect_layer_within_rounding(convolution("FC", in, out, kernel + 2), random.integer(1, 20),
                                 kernel + 2, kernel + 2, random);
    expect_layer_within_rounding(max_pool("P", in, 3, 2, 1), 2, side, side, random);
    Layer average = max_pool("A", in, 2, 2);
    average.kind = LayerKind::average_pool;
    expect_layer_within_rounding(average, 2, side, side + 1, random);
    const int cells = random.integer(2, 3);
    expect_layer_within_rounding(local("C3", LayerKind::local_tiled, in, out, 3, cells), 2,
                                 4 * cells + 2, 4 * cells + 2, random);
    expect_layer_within_rounding(local("C4", LayerKind::local_stacked, in, out, 3, cells), 2,
                                 3 * cells, 3 * cells, random);
  }
}

NetworkSpec residual_spec() {
  NetworkSpec spec;
  spec.layers = {convolution("first", 3, 24, 3, 2, 1), convolution("second", 24, 24, 3, 1, 1),
                 convolution("third", 24, 24, 3, 1, 1), convolution("fourth", 24, 24, 3, 1, 1)};
  spec.layers[2].add = "first";
  spec.layers[3].add = "second";  // into f32, which the last layer yields
  return spec;
}

struct Case {
  std::string name;
  NetworkSpec spec;
  int height, width;
};

std::vector<Case> cases() {
  return {{"localiser", lnet_spec(8), 61, 83},
          {"patches", anet_spec(8), 88, 88},
          {"residual", residual_spec(), 41, 36},
          {"depths", depths_spec(12), 20, 20}};
}

TEST_F(Bf16Networks, StayNearFp32AtEveryLayer) {
  RandomSource random(2);
  for (const Case& one : cases()) {
    const Network network(one.spec, random_weights(one.spec, random));
    const FeatureMap input = random_map(2, one.height, one.width, 3, random);
    for (std::size_t last = 0; last < one.spec.layers.size(); ++last) {
      SCOPED_TRACE(one.name + ", " + one.spec.layers[last].name);
      EXPECT_LT(relative_error(run(network, input, last, Precision::bf16),
                               run(network, input, last, Precision::fp32)),
                0.03);
    }
  }
}

TEST_F(Bf16Networks, DoNotDependOnThreads) {
  RandomSource random(3);
  const int before = omp_get_max_threads();
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.name);
    const Network network(one.spec, random_weights(one.spec, random));
    const FeatureMap input = random_map(2, one.height, one.width, 3, random);
    std::vector<float> alone;
    for (const int threads : {1, 2, 3}) {
      omp_set_num_threads(threads);
      const FeatureMap map = run(network, input, one.spec.layers.size() - 1, Precision::bf16);
      if (alone.empty()) alone = map.values;
      EXPECT_TRUE(map.values == alone) << threads << " threads";
    }
  }
  omp_set_num_threads(before);
}

TEST_F(Bf16Networks, KeepOutputsAsF32WithoutChangingTheRest) {
  RandomSource random(4);
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.name);
    const Network network(one.spec, random_weights(one.spec, random));
    const FeatureMap input = random_map(1, one.height, one.width, 3, random);
    const std::size_t last = one.spec.layers.size() - 1;
    NetworkRunner keeping(network, Precision::bf16);
    keeping.keep(0);
    keeping.keep(1);
    keeping.set_input(input);
    EXPECT_TRUE(keeping.run(last).values == run(network, input, last, Precision::bf16).values);
    for (const std::size_t layer : {0U, 1U}) {
      EXPECT_LT(relative_error(keeping.output(layer), run(network, input, layer, Precision::fp32)),
                0.03);
    }
  }
}

TEST(Precision, AutomaticDescribesAtBf16WhereTheProcessorHasIt) {
  EXPECT_EQ(describing_precision(Precision::fp32), Precision::fp32);
  EXPECT_EQ(describing_precision(Precision::automatic),
            processor_has_bf16() ? Precision::bf16 : Precision::fp32);
  EXPECT_EQ(placing_precision(Precision::automatic), Precision::fp32);
  EXPECT_EQ(placing_precision(Precision::fp32), Precision::fp32);
}

TEST(Precision, Bf16IsRefusedWhereTheProcessorLacksIt) {
  if (processor_has_bf16()) {
    EXPECT_EQ(describing_precision(Precision::bf16), Precision::bf16);
    EXPECT_EQ(placing_precision(Precision::bf16), Precision::bf16);
    return;
  }
  try {
    (void)placing_precision(Precision::bf16);
    ADD_FAILURE() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("AVX512_BF16"));
  }
}

}  // namespace
}  // namespace facet::detail::testing
