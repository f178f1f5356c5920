// SPDX-License-Identifier: Apache-2.0
#include "evaluate/region_deletion.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>
#include <set>
#include <utility>

#include "describe/describer.hpp"
#include "describe/one_pass/one_pass_runner.hpp"
#include "evaluate/named_random.hpp"
#include "heads/linear_head.hpp"
#include "image/resample.hpp"

namespace facet::detail {
namespace {

constexpr int kAll = kDeletionCells * kDeletionCells;
constexpr int kBlurred = 4;  // pixels a side that are left of a face

std::vector<int> by_value(const std::vector<double>& value) {
  std::vector<int> order(value.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return value[static_cast<std::size_t>(a)] > value[static_cast<std::size_t>(b)];
  });
  return order;
}

void shuffle(float* values, std::size_t count, NamedRandom& random) {
  for (std::size_t i = count; i > 1; --i) std::swap(values[i - 1], values[random.below(i)]);
}

}  // namespace

std::vector<int> order_by_map(const RegionMap& map, bool present) {
  std::vector<double> value(kAll, 0.0);
  for (int y = 0; y < map.side; ++y) {
    for (int x = 0; x < map.side; ++x) {
      const int cell =
          y * kDeletionCells / map.side * kDeletionCells + x * kDeletionCells / map.side;
      value[static_cast<std::size_t>(cell)] +=
          (present ? 1 : -1) * map.values[static_cast<std::size_t>(y * map.side + x)];
    }
  }
  return by_value(value);
}

std::vector<int> random_order(const std::string& name) {
  constexpr int square = 3;
  NamedRandom random("random squares 1", name);
  std::vector<int> order;
  std::vector<bool> taken(kAll, false);
  while (static_cast<int>(order.size()) < kAll) {
    const int top = static_cast<int>(random.below(kDeletionCells + square - 1)) - square + 1;
    const int left = static_cast<int>(random.below(kDeletionCells + square - 1)) - square + 1;
    for (int y = std::max(0, top); y < std::min(kDeletionCells, top + square); ++y) {
      for (int x = std::max(0, left); x < std::min(kDeletionCells, left + square); ++x) {
        const int cell = y * kDeletionCells + x;
        if (taken[static_cast<std::size_t>(cell)]) continue;
        taken[static_cast<std::size_t>(cell)] = true;
        order.push_back(cell);
      }
    }
  }
  return order;
}

std::vector<int> order_from_middle() {
  std::vector<double> value;
  for (int cell = 0; cell < kAll; ++cell) {
    const double y = cell / kDeletionCells - (kDeletionCells - 1) / 2.0;
    const double x = cell % kDeletionCells - (kDeletionCells - 1) / 2.0;
    value.push_back(-std::hypot(x, y));
  }
  return by_value(value);
}

Image without_cells(const Image& square, const std::vector<int>& cells, std::size_t count) {
  const Image blurred = resize(resize(square, kBlurred, kBlurred), square.width, square.height);
  Image result = square;
  const std::set<int> gone(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(count));
  for (int y = 0; y < square.height; ++y) {
    for (int x = 0; x < square.width; ++x) {
      const int cell =
          y * kDeletionCells / square.height * kDeletionCells + x * kDeletionCells / square.width;
      if (gone.count(cell) == 0) continue;
      std::memcpy(result.row(y) + static_cast<std::ptrdiff_t>(x) * 3,
                  blurred.row(y) + static_cast<std::ptrdiff_t>(x) * 3, 3);
    }
  }
  return result;
}

SquareReader::SquareReader(const ModelParts& model, const std::string& feature_layer)
    : model_(model), feature_layer_(feature_layer), runner_(*model.anet, Precision::fp32) {
}

std::vector<float> SquareReader::values(const Image& square, const std::string& layer) {
  // The pose of a face around which the region is the whole square.
  const PatchSettings& settings = model_.patches;
  const auto side = static_cast<float>(square.width);
  FacePose pose;
  pose.height = side / settings.region_scale;
  pose.centre_x = side / 2;
  pose.centre_y = side / 2 - settings.centre_y * pose.height;
  const std::vector<Image> patches = cut_patches(square, pose, settings);
  runner_.set_input(patches);
  return runner_.run(model_.anet->layer_index(layer)).values;
}

std::vector<float> SquareReader::features(const Image& square) {
  const PatchSettings& settings = model_.patches;
  const auto offsets = static_cast<int>(settings.offsets.size());
  return mean_over_patches(values(square, feature_layer_),
                           offsets * offsets * (settings.mirrored ? 2 : 1));
}

ShuffledModel shuffled(const ModelParts& model, const Head& head) {
  const Network& anet = *model.anet;
  const NetworkSpec& spec = anet.spec();
  const std::size_t feature = anet.layer_index(head.feature_layer);
  NamedRandom random("shuffled weights 1", head.name);
  WeightMap weights;
  for (std::size_t l = 0; l < spec.layers.size(); ++l) {
    const Layer& layer = spec.layers[l];
    if (!layer.has_weights()) continue;
    std::vector<std::int64_t> shape = {layer.out_channels, layer.in_channels, layer.kernel,
                                       layer.kernel};
    std::vector<std::int64_t> bias_shape = {layer.out_channels};
    if (layer.kind != LayerKind::convolution) {
      shape.insert(shape.begin(), layer.banks());
      bias_shape.insert(bias_shape.begin(), layer.banks());
    }
    std::vector<float> values(anet.weights(l).begin(), anet.weights(l).end());
    if (l == feature) shuffle(values.data(), values.size(), random);
    weights[layer.name + ".weight"] = {shape, std::move(values)};
    const std::span<const float> bias = OnePassRunner::biases(anet, l);
    weights[layer.name + ".bias"] = {bias_shape, {bias.begin(), bias.end()}};
  }
  ShuffledModel result;
  result.parts.anet.emplace(spec, std::move(weights));
  result.parts.patches = model.patches;
  result.weight = head.weight;
  const std::size_t neurons = head.weight.size() / head.attributes.size();
  for (std::size_t a = 0; a < head.attributes.size(); ++a) {
    shuffle(result.weight.data() + a * neurons, neurons, random);
  }
  return result;
}

}  // namespace facet::detail
