// SPDX-License-Identifier: Apache-2.0
// Networks on AMX against plain loops in double precision. Each test says so and stops where the
// processor has no AMX.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "facet/error.hpp"
#include "network/amx/amx_convolution.hpp"
#include "network/amx/bfloat16.hpp"
#include "network/amx/map_conversion.hpp"
#include "network/amx/processor.hpp"
#include "network/example_networks.hpp"

namespace facet::detail::testing {
namespace {

class Amx : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_amx()) GTEST_SKIP() << "this processor has no AMX";
  }
};

double relative_error(const FeatureMap& actual, const FeatureMap& expected) {
  EXPECT_EQ(actual.values.size(), expected.values.size());
  double most = 0;
  double largest = 1e-6;
  for (std::size_t i = 0; i < std::min(actual.values.size(), expected.values.size()); ++i) {
    most = std::max<double>(most, std::abs(actual.values[i] - expected.values[i]));
    largest = std::max<double>(largest, std::abs(expected.values[i]));
  }
  return most / largest;
}

FeatureMap run(const Network& network, const FeatureMap& input, Arithmetic arithmetic) {
  NetworkRunner runner(network, arithmetic);
  runner.set_input(input);
  return runner.run(network.spec().layers.size() - 1);
}

// All ways through the pixels of a result: rows, whole images, an image a pixel; channels that do
// and do not fill tiles.
TEST_F(Amx, ConvolutionsAreThoseOfPlainLoops) {
  RandomSource random(1);
  for (int round = 0; round < 150; ++round) {
    const int kernel = random.integer(1, 5);
    Layer layer =
        convolution("C", random.integer(1, 90), random.integer(1, 90), kernel, random.integer(1, 3),
                    random.integer(0, kernel - 1), random.integer(0, 1) == 1);
    int height = random.integer(kernel, 40);
    int width = random.integer(kernel, 40);
    if (round % 4 == 0) {  // as fully connected layers
      layer.padding = 0;
      height = width = kernel;
    }
    const int count = random.integer(1, round % 4 == 0 ? 40 : 3);
    SCOPED_TRACE("round " + std::to_string(round) + ": " + std::to_string(layer.in_channels) +
                 " to " + std::to_string(layer.out_channels) + ", kernel " +
                 std::to_string(kernel) + ", stride " + std::to_string(layer.stride) +
                 ", padding " + std::to_string(layer.padding) + " on " + std::to_string(count) +
                 "x" + std::to_string(height) + "x" + std::to_string(width));
    NetworkSpec spec;
    spec.layers = {layer};
    const WeightMap weights = random_weights(spec, random);
    const Network network(spec, weights);
    const FeatureMap input = random_map(count, height, width, layer.in_channels, random);
    const FeatureMap expected = reference_run(spec, weights, input, 0);
    EXPECT_LT(relative_error(run(network, input, Arithmetic::bf16x3), expected), 5e-5);
    EXPECT_LT(relative_error(run(network, input, Arithmetic::bf16), expected), 0.02);
  }
}

NetworkSpec residual_spec() {
  NetworkSpec spec;
  spec.layers = {
      convolution("first", 3, 24, 5, 2, 2),  convolution("second", 24, 24, 3, 1, 1),
      convolution("third", 24, 24, 3, 1, 1), max_pool("pool", 24, 3, 2, 1),
      convolution("fourth", 24, 40, 1),      convolution("fifth", 40, 40, 3, 1, 1, false)};
  spec.layers[2].add = "first";
  spec.layers[5].add = "fourth";
  return spec;
}

TEST_F(Amx, ChainsLayersAddsShortcutsAndKeepsOutputs) {
  RandomSource random(2);
  const NetworkSpec spec = residual_spec();
  const WeightMap weights = random_weights(spec, random);
  const Network network(spec, weights);
  NetworkRunner runner(network, Arithmetic::bf16x3);
  runner.keep(0);
  runner.keep(3);
  NetworkSpec plain = spec;  // the reference knows no shortcuts
  plain.layers[2].add.clear();
  plain.layers[2].relu = false;
  plain.layers[5].add.clear();
  for (const auto& [count, height, width] :
       {std::array{2, 41, 36}, {1, 64, 64}, {3, 17, 90}, {2, 41, 36}}) {
    const FeatureMap input = random_map(count, height, width, 3, random);
    const auto sum = [](FeatureMap map, const FeatureMap& added, bool relu) {
      for (std::size_t i = 0; i < map.values.size(); ++i) {
        map.values[i] += added.values[i];
        if (relu) map.values[i] = std::max(0.0F, map.values[i]);
      }
      return map;
    };
    const FeatureMap first = reference_run(plain, weights, input, 0);
    const FeatureMap third = sum(reference_run(plain, weights, input, 2), first, true);
    const FeatureMap pool = reference_output(plain.layers[3], weights, third);
    const FeatureMap fourth = reference_output(plain.layers[4], weights, pool);
    const FeatureMap fifth = sum(reference_output(plain.layers[5], weights, fourth), fourth, false);
    runner.set_input(input);
    EXPECT_LT(relative_error(runner.run(5), fifth), 1e-4);
    EXPECT_LT(relative_error(runner.output(0), first), 1e-4);
    EXPECT_LT(relative_error(runner.output(3), pool), 1e-4);
  }
}

TEST_F(Amx, JoinsSeveralDepths) {
  RandomSource random(12);
  const NetworkSpec spec = depths_spec(20);
  const WeightMap weights = random_weights(spec, random);
  const Network network(spec, weights);
  for (const auto& [arithmetic, tolerance] :
       {std::pair{Arithmetic::bf16x3, 1e-4}, {Arithmetic::bf16, 0.03}}) {
    NetworkRunner runner(network, arithmetic);
    runner.keep(3);
    for (const int count : {1, 4}) {
      const FeatureMap input = random_map(count, 20, 20, 3, random);
      runner.set_input(input);
      for (const std::size_t last : {4U, 5U}) {
        EXPECT_LT(relative_error(runner.run(last), reference_run(spec, weights, input, last)),
                  tolerance);
        EXPECT_LT(relative_error(runner.output(3), reference_run(spec, weights, input, 3)),
                  tolerance);
      }
    }
  }
}

// What the vector holds is not rounded on its way through.
TEST_F(Amx, DepthsBeginWithTheVectorAsItIs) {
  RandomSource random(13);
  const NetworkSpec spec = depths_spec(20);
  const Network network(spec, random_weights(spec, random));
  NetworkRunner runner(network, Arithmetic::bf16);
  runner.set_input(random_map(2, 20, 20, 3, random));
  const std::vector<float> vector = runner.run(3).values;
  const FeatureMap& depths = runner.run(4);
  EXPECT_TRUE(std::equal(vector.begin(), vector.begin() + 60, depths.at(0, 0, 0)));
  EXPECT_TRUE(std::equal(vector.begin() + 60, vector.end(), depths.at(1, 0, 0)));
}

void expect_equal_in_any_batch(const NetworkSpec& spec, int height, int width) {
  RandomSource random(3);
  const Network network(spec, random_weights(spec, random));
  const int before = omp_get_max_threads();
  for (const Arithmetic arithmetic : {Arithmetic::bf16, Arithmetic::bf16x3}) {
    const FeatureMap batch = random_map(5, height, width, 3, random);
    const std::size_t image = batch.values.size() / 5;
    const FeatureMap together = run(network, batch, arithmetic);
    for (const int threads : {1, 2, 3}) {
      omp_set_num_threads(threads);
      EXPECT_TRUE(run(network, batch, arithmetic).values == together.values) << threads;
    }
    for (std::size_t i = 0; i < 5; ++i) {
      FeatureMap alone;
      alone.resize(1, height, width, 3);
      std::copy_n(batch.values.begin() + static_cast<std::ptrdiff_t>(i * image), image,
                  alone.values.begin());
      const FeatureMap result = run(network, alone, arithmetic);
      EXPECT_TRUE(std::equal(
          result.values.begin(), result.values.end(),
          together.values.begin() + static_cast<std::ptrdiff_t>(i * result.values.size())));
    }
  }
  omp_set_num_threads(before);
}

// What may be read behind a map changes nothing, and nothing is written beside the result.

TEST_F(Amx, NeitherBatchNorThreadsChangeABit) {
  expect_equal_in_any_batch(residual_spec(), 70, 131);
  expect_equal_in_any_batch(depths_spec(20), 20, 20);
}

TEST_F(Amx, StaysWithinItsMaps) {
  RandomSource random(4);
  const std::uint16_t nan = to_bf16(std::numeric_limits<float>::infinity());
  for (int round = 0; round < 60; ++round) {
    const int kernel = random.integer(1, 5);
    const int side = round % 3 == 0 ? kernel : random.integer(kernel, 30);
    const Layer layer = convolution("C", random.integer(1, 70), random.integer(1, 70), kernel,
                                    random.integer(1, 2), 0, false);
    const int count = random.integer(1, 20);
    NetworkSpec spec;
    spec.layers = {layer};
    WeightMap weights = random_weights(spec, random);
    const LayerWeights given = {WeightValues(weights["C.weight"].values), weights["C.bias"].values};
    const FeatureMap input = random_map(count, side, side, layer.in_channels, random);
    const int result_side = output_side(layer, side);
    const MapShape shape = {count, result_side, result_side, layer.out_channels};
    for (const int planes : {1, 2}) {
      Bf16Map source;
      const std::size_t slack = slack_behind(layer.in_channels, layer.stride);
      source.resize({count, side, side, layer.in_channels}, 0, planes, slack);
      write_map(input.values.data(), source);
      std::uint16_t* behind = source.at(count, 0, 0);
      for (int p = 0; p < planes; ++p) {
        std::fill(behind + static_cast<std::size_t>(p) * source.plane() + Bf16Map::kZeros,
                  source.at(0, 0, 0) + static_cast<std::size_t>(p + 1) * source.plane(), nan);
      }
      Bf16Map target;
      target.resize(shape, 2, planes, slack);
      convolve(AmxFilters(layer, given, planes), source, nullptr, shape, {&target, nullptr}, 1);
      std::vector<float> values(shape.size());
      read_map(target, values.data());
      EXPECT_TRUE(std::all_of(values.begin(), values.end(), [](float value) {
        return std::isfinite(value);
      })) << round;
      int touched = 0;
      for (int n = 0; n < count; ++n) {
        for (int y = -2; y < result_side + 2; ++y) {
          for (int x = -2; x < result_side + 2; ++x) {
            const bool inside = y >= 0 && y < result_side && x >= 0 && x < result_side;
            const std::uint16_t* pixel = target.at(n, y, x);
            touched += !inside && std::any_of(pixel, pixel + layer.out_channels,
                                              [](std::uint16_t value) { return value != 0; });
          }
        }
      }
      EXPECT_EQ(touched, 0) << round;
    }
  }
}

std::vector<Image> random_photos(std::size_t count, int width, int height, RandomSource& random) {
  std::vector<Image> photos(count, Image(width, height));
  for (Image& photo : photos) {
    for (std::uint8_t& byte : photo.pixels) {
      byte = static_cast<std::uint8_t>(random.integer(0, 255));
    }
  }
  return photos;
}

// Rows of large photos and groups of small ones: to the bit what whole maps hold.
TEST_F(Amx, RowByRowIsAsAllAtOnce) {
  RandomSource random(7);
  NetworkSpec spec;
  spec.layers = {
      convolution("first", 3, 24, 5, 2, 2),        convolution("second", 24, 24, 3, 1, 1),
      convolution("third", 24, 24, 3, 1, 1),       convolution("skips", 24, 12, 1, 2),
      convolution("fourth", 12, 40, 3, 1, 0),      convolution("fifth", 40, 40, 4, 2, 3),
      convolution("sixth", 40, 40, 3, 1, 1, false)};
  spec.layers[2].add = "first";
  spec.layers[6].add = "fifth";
  const std::size_t end = spec.layers.size() - 1;
  for (const float mean : {127.5F, 101.3F}) {  // exact in bf16, and not
    spec.mean = mean;
    spec.scale = 1.0F / 64;
    const Network network(spec, random_weights(spec, random));
    for (const Arithmetic arithmetic : {Arithmetic::bf16, Arithmetic::bf16x3}) {
      NetworkRunner whole(network, arithmetic);
      NetworkRunner by_rows(network, arithmetic);
      for (const auto& [count, width, height] :
           {std::array{1, 640, 900}, {2, 1000, 501}, {40, 61, 97}, {3, 33, 40}, {1, 640, 900}}) {
        const auto photos = random_photos(static_cast<std::size_t>(count), width, height, random);
        for (const std::size_t last : {end, std::size_t{0}, std::size_t{3}, end}) {
          whole.set_input(photos);
          const FeatureMap& expected = whole.run(last);
          std::vector<float> values;
          int parts = 0;
          by_rows.run(photos, last, [&](const MapRows& rows) {
            ASSERT_EQ(rows.values.width, expected.width);
            ASSERT_EQ(rows.values.channels, expected.channels);
            const auto row = static_cast<std::size_t>(expected.width) *
                             static_cast<std::size_t>(expected.channels);
            const int rows_before = rows.first_image * expected.height + rows.first_row;
            ASSERT_EQ(values.size(), static_cast<std::size_t>(rows_before) * row);
            values.insert(values.end(), rows.values.values.begin(), rows.values.values.end());
            ++parts;
          });
          EXPECT_TRUE(values == expected.values) << width << "x" << height << ", " << last;
          EXPECT_EQ(parts > 1, width > 500 || count > 10) << width << "x" << height;
        }
      }
    }
  }
}

TEST_F(Amx, TakesPhotosAsOtherArithmeticsDo) {
  RandomSource random(5);
  NetworkSpec spec = residual_spec();
  spec.mean = 101.3F;  // not exact in bf16
  spec.scale = 0.013F;
  const Network network(spec, random_weights(spec, random));
  std::vector<Image> photos(2, Image(50, 39));
  for (Image& photo : photos) {
    for (std::uint8_t& byte : photo.pixels)
      byte = static_cast<std::uint8_t>(random.integer(0, 255));
  }
  NetworkRunner exact(network, Arithmetic::fp32);
  NetworkRunner split(network, Arithmetic::bf16x3);
  exact.set_input(photos);
  split.set_input(photos);
  for (std::size_t i = 0; i < 2 * 50 * 39 * 3; ++i) {
    ASSERT_NEAR(split.input()[i], exact.input()[i], 1e-5F) << i;
  }
  EXPECT_LT(relative_error(split.run(5), exact.run(5)), 1e-4);
}

TEST_F(Amx, RefusesMapsThatDoNotFit) {
  RandomSource random(6);
  NetworkSpec spec;
  spec.layers = {convolution("first", 3, 8, 3, 1, 1), convolution("second", 8, 8, 3, 2, 1)};
  spec.layers.back().add = "first";
  const Network network(spec, random_weights(spec, random));
  NetworkRunner runner(network, Arithmetic::bf16x3);
  runner.set_input(random_map(1, 16, 16, 3, random));
  EXPECT_THROW(runner.run(1), Error);
  const NetworkSpec unpadded = [] {
    NetworkSpec one;
    one.layers = {convolution("first", 3, 8, 9)};
    return one;
  }();
  const Network other(unpadded, random_weights(unpadded, random));
  NetworkRunner small(other, Arithmetic::bf16);
  small.set_input(random_map(1, 4, 4, 3, random));
  EXPECT_THROW(small.run(0), Error);
}

}  // namespace
}  // namespace facet::detail::testing
