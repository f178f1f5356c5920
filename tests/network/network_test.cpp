// SPDX-License-Identifier: Apache-2.0
// What a network accepts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "facet/error.hpp"
#include "network/reference_network.hpp"

namespace facet::detail::testing {
namespace {

NetworkSpec small_spec() {
  NetworkSpec spec;
  spec.layers = {convolution("C1", 3, 4, 3), max_pool("P1", 4, 2, 2),
                 local("C3", LayerKind::local_tiled, 4, 5, 2, 2),
                 local("C4", LayerKind::local_stacked, 5, 6, 2, 2)};
  return spec;
}

// Expects the network to be refused with a message that holds `text`.
void expect_refused(const std::function<void(NetworkSpec&, WeightMap&)>& spoil,
                    const std::string& text) {
  RandomSource random(1);
  NetworkSpec spec = small_spec();
  WeightMap weights = random_weights(spec, random);
  spoil(spec, weights);
  try {
    const Network network(spec, weights);
    ADD_FAILURE() << "accepted; expected: " << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_model);
    EXPECT_THAT(error.what(), ::testing::HasSubstr(text));
  }
}

TEST(Network, RefusesNoLayers) {
  expect_refused([](NetworkSpec& spec, WeightMap&) { spec.layers.clear(); }, "no layers");
}

TEST(Network, RefusesMissingTensors) {
  for (const char* name : {"C1.weight", "C1.bias", "C3.weight", "C3.bias", "C4.weight"}) {
    expect_refused([&](NetworkSpec&, WeightMap& weights) { weights.erase(name); },
                   "tensor " + std::string(name) + " is missing");
  }
}

TEST(Network, RefusesTensorsOfOtherShapes) {
  expect_refused(
      [](NetworkSpec&, WeightMap& weights) {
        weights["C1.weight"].shape = {4, 3, 9};
      },
      "tensor C1.weight has shape [4, 3, 9], expected [4, 3, 3, 3]");
  expect_refused([](NetworkSpec&, WeightMap& weights) { weights["C3.weight"].shape[0] = 1; },
                 "expected [4, 5, 4, 2, 2]");
  expect_refused([](NetworkSpec&, WeightMap& weights) { weights["C4.bias"].shape = {6}; },
                 "expected [1, 6]");
}

TEST(Network, RefusesTensorsWithTooFewValues) {
  expect_refused([](NetworkSpec&, WeightMap& weights) { weights["C1.bias"].values.pop_back(); },
                 "tensor C1.bias holds 3 values, expected 4");
}

TEST(Network, RefusesLayersThatDoNotChain) {
  expect_refused(
      [](NetworkSpec& spec, WeightMap&) {
        spec.layers[1].in_channels = 7;
        spec.layers[1].out_channels = 7;
      },
      "layer P1: takes 7 channels, but receives 4");
}

TEST(Network, RefusesALayerNameThatOccursTwice) {
  expect_refused([](NetworkSpec& spec, WeightMap&) { spec.layers[1].name = "C1"; },
                 "layer C1: the name occurs twice");
}

TEST(Network, RefusesImpossibleSizes) {
  const auto refuse = [](std::size_t index, int Layer::*field, int value) {
    expect_refused([=](NetworkSpec& spec, WeightMap&) { spec.layers[index].*field = value; },
                   "layer ");
  };
  refuse(0, &Layer::kernel, 0);
  refuse(0, &Layer::stride, 0);
  refuse(0, &Layer::padding, -1);
  refuse(0, &Layer::padding, 3);
  refuse(0, &Layer::out_channels, 0);
  refuse(1, &Layer::out_channels, 5);
  refuse(2, &Layer::cells, 0);
  refuse(2, &Layer::stride, 2);
  refuse(2, &Layer::padding, 1);
  refuse(3, &Layer::cells, 1);
}

TEST(Network, RefusesDepthsThatDoNotAddUp) {
  NetworkSpec spec;
  spec.layers = {convolution("C1", 3, 4, 3), convolution("FC", 4, 5, 3)};
  spec.layers.push_back(depths_layer("D", spec.layers, {"C1"}));
  RandomSource random(1);
  const WeightMap weights = random_weights(spec, random);
  EXPECT_EQ(Network(spec, weights).spec().layers[2].channels(), 9);
  spec.layers[2].out_channels = 8;
  EXPECT_THROW(Network(spec, weights), Error);
  spec.layers[2].of = {"C2"};
  EXPECT_THROW(Network(spec, weights), Error);
}

TEST(Network, RefusesPoolingWithRelu) {
  expect_refused([](NetworkSpec& spec, WeightMap&) { spec.layers[1].relu = true; },
                 "layer P1: pooling has no relu");
}

TEST(Network, FindsLayersByName) {
  RandomSource random(1);
  const NetworkSpec spec = small_spec();
  const Network network(spec, random_weights(spec, random));
  EXPECT_EQ(network.layer_index("C3"), 2U);
  EXPECT_EQ(network.spec().layers.size(), 4U);
  try {
    (void)network.layer_index("C9");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_model);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("C9"));
  }
}

}  // namespace
}  // namespace facet::detail::testing
