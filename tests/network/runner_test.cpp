// SPDX-License-Identifier: Apache-2.0
// Chains of layers, shapes in turn, kept outputs and what a runner refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>

#include "facet/error.hpp"
#include "network/example_networks.hpp"

namespace facet::detail::testing {
namespace {

struct Example {
  explicit Example(NetworkSpec given, unsigned seed = 1)
      : random(seed),
        spec(std::move(given)),
        weights(random_weights(spec, random)),
        network(spec, weights) {}
  RandomSource random;
  NetworkSpec spec;
  WeightMap weights;
  Network network;
};

void expect_invalid(const std::function<void()>& action, const std::string& text) {
  try {
    action();
    ADD_FAILURE() << "accepted; expected: " << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), ::testing::HasSubstr(text));
  }
}

TEST(Runner, ChainsTheLayersOfALocaliser) {
  Example example(lnet_spec(8));
  const FeatureMap input = random_map(1, 61, 83, 3, example.random);
  NetworkRunner runner(example.network);
  runner.set_input(input);
  expect_close(runner.run(7), reference_run(example.spec, example.weights, input, 7));
}

TEST(Runner, ChainsTheLayersOfAPatchNetwork) {
  Example example(anet_spec(4));
  const FeatureMap input = random_map(3, 88, 88, 3, example.random);
  NetworkRunner runner(example.network);
  runner.set_input(input);
  expect_close(runner.run(6), reference_run(example.spec, example.weights, input, 6));
}

TEST(Runner, AddsAnEarlierMapBeforeRelu) {
  RandomSource random(11);
  NetworkSpec spec;
  spec.layers = {convolution("first", 3, 20, 3, 2, 1), convolution("second", 20, 20, 3, 1, 1),
                 convolution("third", 20, 20, 3, 1, 1)};
  const WeightMap weights = random_weights(spec, random);
  const FeatureMap input = random_map(2, 33, 26, 3, random);
  NetworkSpec plain = spec;
  plain.layers.back().relu = false;
  FeatureMap expected = reference_run(plain, weights, input, 2);
  const FeatureMap shortcut = reference_run(spec, weights, input, 0);
  for (std::size_t i = 0; i < expected.values.size(); ++i) {
    expected.values[i] = std::max(0.0F, expected.values[i] + shortcut.values[i]);
  }
  spec.layers.back().add = "first";
  const Network network(spec, weights);
  for (const bool keep : {false, true}) {
    NetworkRunner runner(network);
    if (keep) runner.keep(0);
    runner.set_input(input);
    expect_close(runner.run(2), expected);
    expect_close(runner.run(2), expected);  // nothing of the first run is left behind
  }
}

TEST(Runner, RefusesToAddMapsOfDifferentSizes) {
  RandomSource random(12);
  NetworkSpec spec;
  spec.layers = {convolution("first", 3, 8, 3, 1, 1), convolution("second", 8, 8, 3, 2, 1)};
  spec.layers.back().add = "first";
  const Network network(spec, random_weights(spec, random));
  NetworkRunner runner(network);
  runner.set_input(random_map(1, 16, 16, 3, random));
  expect_invalid([&] { (void)runner.run(1); }, "cannot be added");
}

TEST(Runner, AveragesWithoutPadding) {
  NetworkSpec spec;
  Layer pool = max_pool("P", 2, 2, 2);
  pool.kind = LayerKind::average_pool;
  spec.layers = {pool};
  const Network network(spec, {});
  FeatureMap input;
  input.resize(1, 2, 4, 2);
  input.values = {1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60, 7, 70, 8, 80};
  NetworkRunner runner(network);
  runner.set_input(input);
  const FeatureMap& mean = runner.run(0);
  EXPECT_THAT(mean.values, ::testing::ElementsAre(3.5F, 35, 5.5F, 55));
}

TEST(Runner, JoinsSeveralDepths) {
  Example example(depths_spec(6));
  NetworkRunner runner(example.network);
  for (const int count : {1, 3, 2}) {
    const FeatureMap input = random_map(count, 20, 20, 3, example.random);
    runner.set_input(input);
    for (const std::size_t last : {4U, 5U}) {
      expect_close(runner.run(last), reference_run(example.spec, example.weights, input, last));
    }
  }
}

TEST(Runner, DepthsAreOfTheNamedLayersInTheirOrder) {
  NetworkSpec spec;
  spec.layers = {convolution("A", 1, 1, 1, 1, 0, false), convolution("B", 1, 1, 1, 1, 0, false),
                 max_pool("P", 1, 2, 2)};
  spec.layers.push_back(depths_layer("depths", spec.layers, {"B", "A"}));
  WeightMap weights;
  for (const auto& [name, bias] : {std::pair{"A", 100.0F}, {"B", -1000.0F}}) {
    weights[std::string(name) + ".weight"] = {{1, 1, 1, 1}, {1}};
    weights[std::string(name) + ".bias"] = {{1}, {bias}};
  }
  const Network network(spec, weights);
  NetworkRunner runner(network);
  FeatureMap input;
  input.resize(1, 2, 2, 1);
  input.values = {1, 2, 3, 6};
  runner.set_input(input);
  EXPECT_THAT(runner.run(3).values, ::testing::ElementsAre(-894, -897, 103));
}

TEST(Runner, KeepsWhatDepthsRead) {
  Example example(depths_spec(6));
  NetworkRunner runner(example.network);
  for (const std::size_t layer : {1U, 3U, 4U}) runner.keep(layer);
  const FeatureMap input = random_map(2, 20, 20, 3, example.random);
  runner.set_input(input);
  expect_close(runner.run(5), reference_run(example.spec, example.weights, input, 5));
  for (const std::size_t layer : {1U, 3U, 4U}) {
    expect_close(runner.output(layer), reference_run(example.spec, example.weights, input, layer));
  }
}

TEST(Runner, RefusesDepthsBehindAMap) {
  Example example(depths_spec(2));
  NetworkRunner runner(example.network);
  runner.set_input(random_map(1, 24, 24, 3, example.random));
  expect_invalid([&] { (void)runner.run(4); }, "layer \"depths\" cannot take a map of side 2");
}

TEST(Runner, TakesSeveralShapesInTurn) {
  Example example(lnet_spec(4));
  NetworkRunner runner(example.network);
  for (const auto& [count, height, width] :
       {std::array{1, 40, 33}, {2, 64, 64}, {1, 40, 33}, {1, 33, 40}, {3, 64, 64}}) {
    const FeatureMap input = random_map(count, height, width, 3, example.random);
    runner.set_input(input);
    expect_close(runner.run(7), reference_run(example.spec, example.weights, input, 7));
  }
}

TEST(Runner, ForgetsOldShapesWithoutHarm) {
  Example example(lnet_spec(1));
  NetworkRunner runner(example.network);
  for (int round = 0; round < 2; ++round) {
    for (int side = 32; side < 102; ++side) {
      const FeatureMap input = random_map(1, side, side, 3, example.random);
      runner.set_input(input);
      expect_close(runner.run(2), reference_run(example.spec, example.weights, input, 2));
      if (HasFatalFailure()) return;
    }
  }
}

TEST(Runner, RunsToAnyLayerAndOnFromThere) {
  Example example(anet_spec(2));
  const FeatureMap input = random_map(2, 88, 88, 3, example.random);
  NetworkRunner runner(example.network);
  runner.set_input(input);
  for (const std::size_t last : {4U, 1U, 6U, 0U, 5U}) {
    expect_close(runner.run(last), reference_run(example.spec, example.weights, input, last));
  }
}

TEST(Runner, KeepsTheOutputsAskedFor) {
  Example example(anet_spec(2));
  const FeatureMap input = random_map(1, 88, 88, 3, example.random);
  NetworkRunner runner(example.network);
  runner.keep(2);
  runner.keep(4);
  runner.set_input(input);
  runner.run(6);
  for (const std::size_t layer : {2U, 4U, 6U}) {
    expect_close(runner.output(layer), reference_run(example.spec, example.weights, input, layer));
  }
  expect_invalid([&] { (void)runner.output(3); }, "layer P2 was not kept");
}

TEST(Runner, ForgetsKeptOutputsWithTheirInput) {
  Example example(anet_spec(2));
  NetworkRunner runner(example.network);
  runner.set_input(random_map(1, 88, 88, 3, example.random));
  runner.run(3);
  runner.keep(2);
  expect_invalid([&] { (void)runner.output(2); }, "was not kept");
  runner.run(3);
  EXPECT_EQ(runner.output(2).height, 18);
  runner.run(1);
  expect_invalid([&] { (void)runner.output(2); }, "was not kept");
  runner.set_input(random_map(1, 88, 88, 3, example.random));
  expect_invalid([&] { (void)runner.output(1); }, "was not kept");
}

TEST(Runner, NormalisesPhotos) {
  NetworkSpec spec;
  spec.mean = 100;
  spec.scale = 0.5F;
  spec.layers = {max_pool("P", 3, 1, 1)};
  NetworkRunner runner(Network(spec, {}));
  std::vector<Image> photos(2, Image(3, 2));
  for (std::size_t i = 0; i < photos[0].pixels.size(); ++i) {
    photos[0].pixels[i] = static_cast<std::uint8_t>(i);
    photos[1].pixels[i] = static_cast<std::uint8_t>(255 - i);
  }
  runner.set_input(photos);
  const FeatureMap& output = runner.run(0);
  ASSERT_EQ(output.values.size(), 36U);
  EXPECT_EQ(output.count, 2);
  EXPECT_EQ(output.height, 2);
  EXPECT_EQ(output.width, 3);
  EXPECT_FLOAT_EQ(output.at(0, 0, 0)[0], -50.0F);
  EXPECT_FLOAT_EQ(output.at(0, 1, 2)[1], (16 - 100) * 0.5F);
  EXPECT_FLOAT_EQ(output.at(1, 1, 2)[2], (255 - 17 - 100) * 0.5F);
}

TEST(Runner, OutlivesItsNetwork) {
  auto example = std::make_unique<Example>(lnet_spec(2));
  const FeatureMap input = random_map(1, 40, 40, 3, example->random);
  const FeatureMap expected = reference_run(example->spec, example->weights, input, 7);
  NetworkRunner first(example->network);
  NetworkRunner runner(std::move(first));
  example.reset();
  runner.set_input(input);
  expect_close(runner.run(7), expected);
}

TEST(Runner, RefusesPhotosItCannotTake) {
  Example example(lnet_spec(2));
  NetworkRunner runner(example.network);
  expect_invalid([&] { runner.set_input(std::span<const Image>()); }, "no photos");
  const std::vector<Image> mixed = {Image(40, 40), Image(40, 41)};
  expect_invalid([&] { runner.set_input(mixed); }, "40x40 and 40x41");
  expect_invalid([&] { runner.set_input(std::vector<Image>(1)); }, "0x0");
  std::vector<Image> short_photo = {Image(40, 40)};
  short_photo[0].pixels.pop_back();
  expect_invalid([&] { runner.set_input(short_photo); }, "4799 bytes");
}

TEST(Runner, RefusesMapsItCannotTake) {
  Example example(lnet_spec(2));
  NetworkRunner runner(example.network);
  expect_invalid([&] { runner.set_input(random_map(1, 40, 40, 4, example.random)); },
                 "3 input channels");
  FeatureMap map = random_map(1, 40, 40, 3, example.random);
  map.values.pop_back();
  expect_invalid([&] { runner.set_input(map); }, "holds 4799 values");
}

TEST(Runner, RefusesToRunWithoutInputOrLayer) {
  Example example(lnet_spec(2));
  NetworkRunner runner(example.network);
  expect_invalid([&] { runner.run(0); }, "no input");
  expect_invalid([&] { runner.run(8); }, "layer 8 of a network of 8");
  expect_invalid([&] { runner.keep(8); }, "layer 8");
  expect_invalid([&] { (void)runner.output(8); }, "layer 8");
}

TEST(Runner, RefusesMapsThatDoNotFitALayer) {
  Example example(anet_spec(2));
  NetworkRunner runner(example.network);
  runner.set_input(random_map(1, 92, 92, 3, example.random));  // C3 yields 16, not 3 cells
  expect_invalid([&] { runner.run(4); }, "C3");
  runner.set_input(random_map(1, 4, 88, 3, example.random));
  expect_invalid([&] { runner.run(0); }, "C1");
  // It is as good as new after that.
  const FeatureMap input = random_map(1, 88, 88, 3, example.random);
  runner.set_input(input);
  expect_close(runner.run(6), reference_run(example.spec, example.weights, input, 6));

  NetworkSpec stacked;
  stacked.layers = {local("C4", LayerKind::local_stacked, 2, 2, 3, 3)};
  Example other(stacked);
  NetworkRunner stacked_runner(other.network);
  for (const int side : {10, 3}) {  // not divisible; 2×2 cells smaller than the kernel
    stacked_runner.set_input(random_map(1, side, side, 2, other.random));
    expect_invalid([&] { stacked_runner.run(0); }, "C4");
  }
}

}  // namespace
}  // namespace facet::detail::testing
