// SPDX-License-Identifier: Apache-2.0
#include "describe/one_pass_networks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "facet/error.hpp"

namespace facet::detail::testing {
namespace {

Layer pool(const std::string& name, int channels, RandomSource& random) {
  Layer layer = max_pool(name, channels, random.integer(1, 3), random.integer(1, 2));
  if (random.integer(0, 1) == 0) layer.kind = LayerKind::average_pool;
  return layer;
}

// Layers before the first local one.
void add_global_layers(NetworkSpec& spec, int& channels, RandomSource& random) {
  const int count = random.integer(0, 3);
  for (int i = 0; i < count; ++i) {
    const std::string name = "G" + std::to_string(i);
    if (random.integer(0, 2) == 0) {
      spec.layers.push_back(pool(name, channels, random));
    } else {
      const int out = random.integer(1, 9);
      spec.layers.push_back(
          convolution(name, channels, out, random.integer(1, 4), random.integer(1, 2)));
      channels = out;
    }
  }
}

// Local and global layers in any order, the first of them local.
void add_local_layers(NetworkSpec& spec, int& channels, RandomSource& random) {
  const int count = random.integer(1, 3);
  for (int i = 0; i < count; ++i) {
    const std::string name = "L" + std::to_string(i);
    const int kind = i == 0 ? random.integer(0, 1) : random.integer(0, 3);
    const int out = random.integer(1, 20);
    const int kernel = random.integer(1, 3);
    const bool relu = random.integer(0, 1) == 1;
    if (kind == 0) {
      spec.layers.push_back(
          local(name, LayerKind::local_tiled, channels, out, kernel, random.integer(2, 4), relu));
    } else if (kind == 1) {
      spec.layers.push_back(
          local(name, LayerKind::local_stacked, channels, out, kernel, random.integer(2, 4), relu));
    } else if (kind == 2) {
      spec.layers.push_back(pool(name, channels, random));
    } else {
      spec.layers.push_back(
          convolution(name, channels, out, kernel, random.integer(1, 2), 0, relu));
    }
    channels = spec.layers.back().channels();
  }
}

// The side of a patch of `side` pixels behind all layers; 0 where a layer cannot take its map.
int final_side(const NetworkSpec& spec, int side) {
  try {
    for (const Layer& layer : spec.layers) side = output_side(layer, side);
  } catch (const Error&) {
    return 0;
  }
  return side;
}

// A side of at most 60 pixels that the layers take; 0 where there is none.
int random_patch_side(const NetworkSpec& spec, RandomSource& random) {
  std::vector<int> sides;
  for (int side = 4; side <= 60; ++side) {
    const int final = final_side(spec, side);
    if (final >= 1 && final <= 12) sides.push_back(side);
  }
  if (sides.empty()) return 0;
  return sides[static_cast<std::size_t>(random.integer(0, static_cast<int>(sides.size()) - 1))];
}

// Any order, neighbours or far apart, one perhaps twice.
std::vector<int> random_offsets(int stride, RandomSource& random) {
  std::vector<int> offsets(static_cast<std::size_t>(random.integer(1, 4)));
  for (int& offset : offsets) offset = stride * random.integer(0, 7);
  return offsets;
}

}  // namespace

NetworkSpec paper_anet(int c1, int c2, int c3, int c4, int fc) {
  NetworkSpec spec;
  spec.layers = {convolution("C1", 3, c1, 5, 2),                       // 42
                 convolution("C2", c1, c2, 3),                         // 40
                 max_pool("P2", c2, 2, 2),                             // 20
                 local("C3", LayerKind::local_tiled, c2, c3, 3, 3),    // 18
                 local("C4", LayerKind::local_stacked, c3, c4, 3, 3),  // 10
                 max_pool("P4", 4 * c4, 2, 2),                         // 5
                 convolution("FC", 4 * c4, fc, 5)};
  return spec;
}

std::vector<int> even_offsets(int count, int step) {
  std::vector<int> offsets;
  for (int i = 0; i < count; ++i) offsets.push_back(i * step);
  return offsets;
}

OnePassCase random_case(RandomSource& random) {
  OnePassCase one;
  while (one.grid.patch_side == 0) {
    one.spec.layers.clear();
    int channels = random.integer(1, 3);
    add_global_layers(one.spec, channels, random);
    one.stride = 1;
    for (const Layer& layer : one.spec.layers) one.stride *= layer.stride;
    add_local_layers(one.spec, channels, random);
    one.grid.patch_side = random_patch_side(one.spec, random);
  }
  const int map_side = final_side(one.spec, one.grid.patch_side);
  if (random.integer(0, 2) != 0) {
    one.spec.layers.push_back(
        convolution("FC", one.spec.layers.back().channels(), random.integer(1, 12), map_side));
  }
  one.grid.offsets_y = random_offsets(one.stride, random);
  one.grid.offsets_x = random_offsets(one.stride, random);
  one.regions = random.integer(1, 3);
  const auto farthest = [](const std::vector<int>& offsets) {
    return *std::max_element(offsets.begin(), offsets.end());
  };
  one.region_height = one.grid.patch_side + farthest(one.grid.offsets_y) + random.integer(0, 5);
  one.region_width = one.grid.patch_side + farthest(one.grid.offsets_x) + random.integer(0, 5);
  return one;
}

FeatureMap cut_maps(const FeatureMap& regions, const PatchGrid& grid) {
  FeatureMap patches;
  patches.resize(regions.count * grid.patches(), grid.patch_side, grid.patch_side,
                 regions.channels);
  auto target = patches.values.begin();
  for (int region = 0; region < regions.count; ++region) {
    for (const int top : grid.offsets_y) {
      for (const int left : grid.offsets_x) {
        for (int y = 0; y < grid.patch_side; ++y) {
          target = std::copy_n(regions.at(region, top + y, left),
                               grid.patch_side * regions.channels, target);
        }
      }
    }
  }
  return patches;
}

void expect_equal_patches(const FeatureMap& actual, const FeatureMap& expected, float tolerance) {
  ASSERT_EQ(actual.count, expected.count);
  ASSERT_EQ(actual.height, expected.height);
  ASSERT_EQ(actual.width, expected.width);
  ASSERT_EQ(actual.channels, expected.channels);
  float largest = 0;
  for (const float value : expected.values) largest = std::max(largest, std::abs(value));
  const std::size_t patch = expected.values.size() / static_cast<std::size_t>(expected.count);
  for (std::size_t i = 0; i < expected.values.size(); ++i) {
    ASSERT_NEAR(actual.values[i], expected.values[i], tolerance * largest)
        << "patch " << i / patch << ", value " << i % patch;
  }
}

}  // namespace facet::detail::testing
