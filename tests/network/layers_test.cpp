// SPDX-License-Identifier: Apache-2.0
// Every kind of layer against plain loops, over random shapes.
#include <gtest/gtest.h>

#include "network/reference_network.hpp"

namespace facet::detail::testing {
namespace {

// Runs one layer both ways on a random input of that size.
void check_layer(const Layer& layer, int count, int height, int width, RandomSource& random) {
  SCOPED_TRACE(layer.name + " " + std::to_string(layer.in_channels) + " to " +
               std::to_string(layer.out_channels) + ", kernel " + std::to_string(layer.kernel) +
               ", stride " + std::to_string(layer.stride) + ", padding " +
               std::to_string(layer.padding) + ", cells " + std::to_string(layer.cells) + " on " +
               std::to_string(count) + "x" + std::to_string(height) + "x" + std::to_string(width));
  NetworkSpec spec;
  spec.layers = {layer};
  const WeightMap weights = random_weights(spec, random);
  const FeatureMap input = random_map(count, height, width, layer.in_channels, random);
  NetworkRunner runner(Network(spec, weights));
  runner.set_input(input);
  expect_close(runner.run(0), reference_output(layer, weights, input));
}

TEST(Layers, ConvolutionMatchesPlainLoops) {
  RandomSource random(1);
  for (int round = 0; round < 40; ++round) {
    const int kernel = random.integer(1, 5);
    const Layer layer =
        convolution("C", random.integer(1, 40), random.integer(1, 40), kernel, random.integer(1, 3),
                    random.integer(0, kernel - 1), random.integer(0, 1) == 1);
    check_layer(layer, random.integer(1, 3), random.integer(kernel, 20), random.integer(kernel, 20),
                random);
    if (HasFatalFailure()) return;
  }
}

TEST(Layers, ConvolutionWhoseKernelIsTheMapMatchesPlainLoops) {
  RandomSource random(2);
  for (int round = 0; round < 30; ++round) {
    const int kernel = random.integer(1, 6);
    const Layer layer = convolution("FC", random.integer(1, 40), random.integer(1, 70), kernel,
                                    random.integer(1, 2), 0, random.integer(0, 1) == 1);
    check_layer(layer, random.integer(1, 40), kernel, kernel, random);
    if (HasFatalFailure()) return;
  }
}

TEST(Layers, MaxPoolMatchesPlainLoops) {
  RandomSource random(3);
  for (int round = 0; round < 40; ++round) {
    const int kernel = random.integer(1, 4);
    const Layer layer = max_pool("P", random.integer(1, 40), kernel, random.integer(1, 3),
                                 random.integer(0, kernel / 2));
    check_layer(layer, random.integer(1, 3), random.integer(kernel, 20), random.integer(kernel, 20),
                random);
    if (HasFatalFailure()) return;
  }
}

TEST(Layers, LocalTiledMatchesPlainLoops) {
  RandomSource random(4);
  for (int round = 0; round < 25; ++round) {
    const int kernel = random.integer(1, 4);
    const int cells = random.integer(1, 4);
    const Layer layer = local("C3", LayerKind::local_tiled, random.integer(1, 20),
                              random.integer(1, 20), kernel, cells, random.integer(0, 1) == 1);
    check_layer(layer, random.integer(1, 3), cells * random.integer(1, 5) + kernel - 1,
                cells * random.integer(1, 5) + kernel - 1, random);
    if (HasFatalFailure()) return;
  }
}

TEST(Layers, LocalStackedMatchesPlainLoops) {
  RandomSource random(5);
  for (int round = 0; round < 25; ++round) {
    const int kernel = random.integer(1, 4);
    const int cells = random.integer(2, 4);
    const int least = (kernel + 1) / 2;
    const Layer layer = local("C4", LayerKind::local_stacked, random.integer(1, 20),
                              random.integer(1, 20), kernel, cells, random.integer(0, 1) == 1);
    check_layer(layer, random.integer(1, 3), cells * random.integer(least, least + 3),
                cells * random.integer(least, least + 3), random);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace facet::detail::testing
