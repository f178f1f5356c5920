// SPDX-License-Identifier: Apache-2.0
// A network computed by plain loops in double precision, and random networks to compare it on.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "network/network.hpp"

namespace facet::detail::testing {

class RandomSource {
 public:
  explicit RandomSource(unsigned seed) : engine_(seed) {}
  int integer(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(engine_);
  }
  float value() { return std::uniform_real_distribution<float>(-1, 1)(engine_); }
  std::vector<float> values(std::size_t count);

 private:
  std::mt19937 engine_;
};

Layer convolution(const std::string& name, int in, int out, int kernel, int stride = 1,
                  int padding = 0, bool relu = true);
Layer max_pool(const std::string& name, int channels, int kernel, int stride, int padding = 0);
Layer local(const std::string& name, LayerKind kind, int in, int out, int kernel, int cells,
            bool relu = true);

// Random tensors for every layer, small enough that outputs stay near one.
WeightMap random_weights(const NetworkSpec& spec, RandomSource& random);
FeatureMap random_map(int count, int height, int width, int channels, RandomSource& random);

// Output of one layer, and of layers [0, last].
FeatureMap reference_output(const Layer& layer, const WeightMap& weights, const FeatureMap& input);
FeatureMap reference_run(const NetworkSpec& spec, const WeightMap& weights, FeatureMap input,
                         std::size_t last);

// Same shape, and values within `tolerance` of each other.
void expect_close(const FeatureMap& actual, const FeatureMap& expected, float tolerance = 2e-5F);

}  // namespace facet::detail::testing
