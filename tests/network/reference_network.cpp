// SPDX-License-Identifier: Apache-2.0
#include "network/reference_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace facet::detail::testing {
namespace {

// Where a bank reads and writes, straight from the definition of the layer kinds.
struct BankPlace {
  int input_y = 0, input_x = 0;    // of its rectangle in the input
  int height = 0, width = 0;       // of its output
  int output_y = 0, output_x = 0;  // of its output in the map
  int channel = 0;                 // its first output channel
};

float* value_at(FeatureMap& map, int n, int y, int x) {
  return const_cast<float*>(map.at(n, y, x));
}

std::vector<BankPlace> bank_places(const Layer& layer, const FeatureMap& input) {
  const int k = layer.kernel;
  if (layer.kind == LayerKind::convolution) {
    return {{0, 0, (input.height + 2 * layer.padding - k) / layer.stride + 1,
             (input.width + 2 * layer.padding - k) / layer.stride + 1, 0, 0, 0}};
  }
  std::vector<BankPlace> places;
  if (layer.kind == LayerKind::local_tiled) {
    const int h = (input.height - k + 1) / layer.cells;
    const int w = (input.width - k + 1) / layer.cells;
    for (int i = 0; i < layer.cells; ++i) {
      for (int j = 0; j < layer.cells; ++j) {
        places.push_back({i * h, j * w, h, w, i * h, j * w, 0});
      }
    }
    return places;
  }
  const int h = input.height / layer.cells;
  const int w = input.width / layer.cells;
  for (int i = 0; i + 1 < layer.cells; ++i) {
    for (int j = 0; j + 1 < layer.cells; ++j) {
      const int bank = i * (layer.cells - 1) + j;
      places.push_back(
          {i * h, j * w, 2 * h - k + 1, 2 * w - k + 1, 0, 0, bank * layer.out_channels});
    }
  }
  return places;
}

double convolve_at(const Layer& layer, const FeatureMap& input, const float* filter, int n,
                   int first_y, int first_x) {
  double sum = 0;
  for (int c = 0; c < layer.in_channels; ++c) {
    for (int dy = 0; dy < layer.kernel; ++dy) {
      for (int dx = 0; dx < layer.kernel; ++dx) {
        const double weight = filter[(c * layer.kernel + dy) * layer.kernel + dx];
        const int y = first_y + dy;
        const int x = first_x + dx;
        if (y < 0 || x < 0 || y >= input.height || x >= input.width) continue;
        sum += weight * input.at(n, y, x)[c];
      }
    }
  }
  return sum;
}

FeatureMap convolve(const Layer& layer, const WeightMap& weights, const FeatureMap& input) {
  const std::vector<float>& weight = weights.at(layer.name + ".weight").values;
  const std::vector<float>& bias = weights.at(layer.name + ".bias").values;
  const int filter_size = layer.in_channels * layer.kernel * layer.kernel;
  const std::vector<BankPlace> places = bank_places(layer, input);
  FeatureMap output;
  output.resize(input.count, places.back().output_y + places.back().height,
                places.back().output_x + places.back().width, layer.channels());
  for (std::size_t bank = 0; bank < places.size(); ++bank) {
    const BankPlace& place = places[bank];
    for (int o = 0; o < layer.out_channels; ++o) {
      const std::size_t filter =
          bank * static_cast<std::size_t>(layer.out_channels) + static_cast<std::size_t>(o);
      const float* values = weight.data() + filter * static_cast<std::size_t>(filter_size);
      for (int n = 0; n < input.count; ++n) {
        for (int y = 0; y < place.height; ++y) {
          for (int x = 0; x < place.width; ++x) {
            double sum =
                bias[filter] + convolve_at(layer, input, values, n,
                                           place.input_y + y * layer.stride - layer.padding,
                                           place.input_x + x * layer.stride - layer.padding);
            if (layer.relu) sum = std::max(sum, 0.0);
            value_at(output, n, place.output_y + y, place.output_x + x)[place.channel + o] =
                static_cast<float>(sum);
          }
        }
      }
    }
  }
  return output;
}

FeatureMap pool(const Layer& layer, const FeatureMap& input) {
  FeatureMap output;
  output.resize(input.count, (input.height + 2 * layer.padding - layer.kernel) / layer.stride + 1,
                (input.width + 2 * layer.padding - layer.kernel) / layer.stride + 1,
                input.channels);
  for (int n = 0; n < output.count; ++n) {
    for (int y = 0; y < output.height; ++y) {
      for (int x = 0; x < output.width; ++x) {
        for (int c = 0; c < output.channels; ++c) {
          float most = -std::numeric_limits<float>::infinity();
          for (int dy = 0; dy < layer.kernel; ++dy) {
            for (int dx = 0; dx < layer.kernel; ++dx) {
              const int from_y = y * layer.stride - layer.padding + dy;
              const int from_x = x * layer.stride - layer.padding + dx;
              if (from_y < 0 || from_x < 0 || from_y >= input.height || from_x >= input.width) {
                continue;
              }
              most = std::max(most, input.at(n, from_y, from_x)[c]);
            }
          }
          value_at(output, n, y, x)[c] = most;
        }
      }
    }
  }
  return output;
}

// `maps`: of the layers so far.
FeatureMap join_depths(const NetworkSpec& spec, const Layer& layer,
                       const std::vector<FeatureMap>& maps) {
  std::vector<const FeatureMap*> read = {&maps.back()};
  for (const std::string& name : layer.of) {
    for (std::size_t i = 0; i < maps.size(); ++i) {
      if (spec.layers[i].name == name) read.push_back(&maps[i]);
    }
  }
  FeatureMap output;
  output.resize(maps.back().count, 1, 1, layer.channels());
  for (int n = 0; n < output.count; ++n) {
    float* target = value_at(output, n, 0, 0);
    for (const FeatureMap* map : read) {
      for (int c = 0; c < map->channels; ++c) {
        double sum = 0;
        for (int y = 0; y < map->height; ++y) {
          for (int x = 0; x < map->width; ++x) sum += map->at(n, y, x)[c];
        }
        *target++ = static_cast<float>(sum / (map->height * map->width));
      }
    }
  }
  return output;
}

Layer make_layer(const std::string& name, LayerKind kind, int in, int out, int kernel) {
  Layer layer;
  layer.name = name;
  layer.kind = kind;
  layer.in_channels = in;
  layer.out_channels = out;
  layer.kernel = kernel;
  return layer;
}

}  // namespace

std::vector<float> RandomSource::values(std::size_t count) {
  std::vector<float> result(count);
  for (float& one : result) one = value();
  return result;
}

Layer convolution(const std::string& name, int in, int out, int kernel, int stride, int padding,
                  bool relu) {
  Layer layer = make_layer(name, LayerKind::convolution, in, out, kernel);
  layer.stride = stride;
  layer.padding = padding;
  layer.relu = relu;
  return layer;
}

Layer max_pool(const std::string& name, int channels, int kernel, int stride, int padding) {
  Layer layer = make_layer(name, LayerKind::max_pool, channels, channels, kernel);
  layer.stride = stride;
  layer.padding = padding;
  return layer;
}

Layer local(const std::string& name, LayerKind kind, int in, int out, int kernel, int cells,
            bool relu) {
  Layer layer = make_layer(name, kind, in, out, kernel);
  layer.cells = cells;
  layer.relu = relu;
  return layer;
}

WeightMap random_weights(const NetworkSpec& spec, RandomSource& random) {
  WeightMap weights;
  for (const Layer& layer : spec.layers) {
    if (!layer.has_weights()) continue;
    WeightTensor weight;
    WeightTensor bias;
    if (layer.kind != LayerKind::convolution) {
      weight.shape.push_back(layer.banks());
      bias.shape.push_back(layer.banks());
    }
    weight.shape.insert(weight.shape.end(),
                        {layer.out_channels, layer.in_channels, layer.kernel, layer.kernel});
    bias.shape.push_back(layer.out_channels);
    const int filter_size = layer.in_channels * layer.kernel * layer.kernel;
    const auto filters = static_cast<std::size_t>(layer.banks() * layer.out_channels);
    weight.values = random.values(filters * static_cast<std::size_t>(filter_size));
    bias.values = random.values(filters);
    const float scale = std::sqrt(3.0F / static_cast<float>(filter_size));
    for (float& value : weight.values) value *= scale;
    weights[layer.name + ".weight"] = std::move(weight);
    weights[layer.name + ".bias"] = std::move(bias);
  }
  return weights;
}

FeatureMap random_map(int count, int height, int width, int channels, RandomSource& random) {
  FeatureMap map;
  map.resize(count, height, width, channels);
  map.values = random.values(map.values.size());
  return map;
}

FeatureMap reference_output(const Layer& layer, const WeightMap& weights, const FeatureMap& input) {
  return layer.kind == LayerKind::max_pool ? pool(layer, input) : convolve(layer, weights, input);
}

FeatureMap reference_run(const NetworkSpec& spec, const WeightMap& weights, FeatureMap input,
                         std::size_t last) {
  std::vector<FeatureMap> maps;
  for (std::size_t i = 0; i <= last; ++i) {
    const Layer& layer = spec.layers[i];
    maps.push_back(layer.kind == LayerKind::depths
                       ? join_depths(spec, layer, maps)
                       : reference_output(layer, weights, i == 0 ? input : maps.back()));
  }
  return maps.back();
}

void expect_close(const FeatureMap& actual, const FeatureMap& expected, float tolerance) {
  ASSERT_EQ(actual.count, expected.count);
  ASSERT_EQ(actual.height, expected.height);
  ASSERT_EQ(actual.width, expected.width);
  ASSERT_EQ(actual.channels, expected.channels);
  ASSERT_EQ(actual.values.size(), expected.values.size());
  for (std::size_t i = 0; i < actual.values.size(); ++i) {
    ASSERT_NEAR(actual.values[i], expected.values[i], tolerance) << "at value " << i;
  }
}

}  // namespace facet::detail::testing
