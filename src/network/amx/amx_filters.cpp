// SPDX-License-Identifier: Apache-2.0
#include "network/amx/amx_filters.hpp"

#include <algorithm>

#include "network/amx/filter_tile.hpp"

namespace facet::detail {

AmxFilters::AmxFilters(const Layer& layer, const LayerWeights& weights, int given_planes)
    : in_channels(layer.in_channels),
      out_channels(layer.out_channels),
      kernel(layer.kernel),
      stride(layer.stride),
      padding(layer.padding),
      relu(layer.relu),
      planes(given_planes),
      depth((kernel * pixel_step(in_channels) + kTileDepth - 1) / kTileDepth),
      tiles((out_channels + kTileChannels - 1) / kTileChannels),
      bias(static_cast<std::size_t>(tiles) * kTileChannels, 0.0F) {
  std::copy(weights.bias.begin(), weights.bias.end(), bias.begin());
  auto* target = static_cast<std::uint16_t*>(
      values_.reserve_bytes(plane() * static_cast<std::size_t>(planes) * sizeof(std::uint16_t)));
  first = target;
  const std::vector<int> places = places_of_values();
  // The weight is [out, in, kernel row, kernel column]; a last tile's missing filters are zeros.
  const auto filter = static_cast<std::size_t>(in_channels * kernel * kernel);
  std::vector<float> some(filter * kTileChannels, 0.0F);
  for (int tile_index = 0; tile_index < tiles; ++tile_index) {
    const int channel = tile_index * kTileChannels;
    const std::size_t values =
        filter * static_cast<std::size_t>(std::min(kTileChannels, out_channels - channel));
    weights.weight.read(filter * static_cast<std::size_t>(channel), std::span(some).first(values));
    std::fill(some.begin() + static_cast<std::ptrdiff_t>(values), some.end(), 0.0F);
    for (std::size_t at = 0; at < places.size(); at += kTileDepth, target += kTileValues) {
      write_filter_tile({some.data(), filter, places.data() + at}, target,
                        planes > 1 ? target + plane() : nullptr);
    }
  }
}

std::vector<int> AmxFilters::places_of_values() const {
  const int step = pixel_step(in_channels);
  std::vector<int> places(static_cast<std::size_t>(kernel * depth) * kTileDepth, -1);
  for (int row = 0; row < kernel; ++row) {
    int* of_row = places.data() + static_cast<std::ptrdiff_t>(row * depth) * kTileDepth;
    for (int column = 0; column < kernel; ++column) {
      for (int in = 0; in < in_channels; ++in) {
        of_row[column * step + in] = (in * kernel + row) * kernel + column;
      }
    }
  }
  return places;
}

}  // namespace facet::detail
