// SPDX-License-Identifier: Apache-2.0
#include "describe/one_pass/convolution_way.hpp"

#include <algorithm>

namespace facet::detail {
namespace {

// Copying or adding a value takes about as long as this many multiplications of a matrix product.
constexpr double cost_of_moving = 3;

}  // namespace

std::optional<Rectangle> rectangle_of(const BankWindows& bank, int kernel, const MapShape& map) {
  const std::size_t step = static_cast<std::size_t>(kernel) * static_cast<std::size_t>(kernel);
  const int first = bank.sources.front();
  const int final = bank.sources[bank.sources.size() - step];
  const int region_size = map.height * map.width;
  Rectangle rectangle{first / map.width, first % map.width, 0, 0};
  rectangle.height = final % region_size / map.width - rectangle.top + 1;
  rectangle.width = final % map.width - rectangle.left + 1;
  // Windows are distinct and ascending: if none lies outside, as many as places are all places.
  if (rectangle.height < 1 || rectangle.width < 1) return std::nullopt;
  if (bank.windows != map.count * rectangle.height * rectangle.width) return std::nullopt;
  for (std::size_t i = 0; i < bank.sources.size(); i += step) {
    const int y = bank.sources[i] % region_size / map.width - rectangle.top;
    const int x = bank.sources[i] % map.width - rectangle.left;
    if (y < 0 || y >= rectangle.height || x < 0 || x >= rectangle.width) return std::nullopt;
  }
  return rectangle;
}

std::vector<std::vector<int>> row_vectors(const BankWindows& bank, int kernel) {
  const auto side = static_cast<std::size_t>(kernel);
  std::vector<std::vector<int>> vectors(side);
  for (std::size_t i = 0; i < bank.sources.size(); ++i) {
    vectors[i / side % side].push_back(bank.sources[i]);
  }
  for (std::vector<int>& row : vectors) {
    std::sort(row.begin(), row.end());
    row.erase(std::unique(row.begin(), row.end()), row.end());
  }
  return vectors;
}

WayChoice choose_way(const Layer& layer, const BankWindows& bank, const MapShape* map) {
  const double taps = static_cast<double>(layer.kernel) * layer.kernel;
  const double in = layer.in_channels;
  const double out = layer.out_channels;
  const double by_windows = bank.windows * taps * in * out;
  if (map != nullptr && layer.stride == 1 && rectangle_of(bank, layer.kernel, *map)) {
    return {ConvolutionWay::rectangle, by_windows};
  }
  double vectors = 0;
  for (const std::vector<int>& row : row_vectors(bank, layer.kernel)) {
    vectors += static_cast<double>(row.size());
  }
  const double by_taps = vectors * layer.kernel * in * out;
  const double moved_by_windows = bank.windows * taps * in;
  const double moved_by_taps = vectors * in + bank.windows * taps * out;
  if (by_taps + cost_of_moving * moved_by_taps < by_windows + cost_of_moving * moved_by_windows) {
    return {ConvolutionWay::row_products, by_taps};
  }
  return {ConvolutionWay::windows, by_windows};
}

double multiply_adds(const SharedNetwork& shared, const NetworkSpec& spec,
                     const MapShape& regions) {
  double sum = 0;
  MapShape map = regions;
  for (std::size_t i = 0; i < shared.region_layers; ++i) {
    const Layer& layer = spec.layers[i];
    map = {map.count, output_side(layer, map.height), output_side(layer, map.width),
           layer.channels()};
    if (!layer.has_weights()) continue;
    sum += static_cast<double>(map.size()) * layer.in_channels * layer.kernel * layer.kernel;
  }
  for (std::size_t i = 0; i < shared.layers.size(); ++i) {
    const SharedLayer& layer = shared.layers[i];
    if (!layer.layer.has_weights()) continue;
    for (const BankWindows& bank : layer.banks) {
      sum += choose_way(layer.layer, bank, i == 0 ? &shared.region_map : nullptr).multiply_adds;
    }
  }
  return sum;
}

}  // namespace facet::detail
