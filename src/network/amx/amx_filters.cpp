// SPDX-License-Identifier: Apache-2.0
#include "network/amx/amx_filters.hpp"

#include <algorithm>

#include "network/amx/bfloat16.hpp"

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
  // The weight is [out, in, kernel row, kernel column].
  const float* weight = weights.weight.data();
  for (int out = 0; out < out_channels; ++out) {
    std::uint16_t* of_channel = target +
                                static_cast<std::size_t>(out / kTileChannels) * tile_values() +
                                static_cast<std::size_t>(out % kTileChannels) * 2;
    for (int in = 0; in < in_channels; ++in) {
      for (int row = 0; row < kernel; ++row) {
        std::uint16_t* of_row = of_channel + static_cast<std::size_t>(row * depth) * kTileValues;
        for (int column = 0; column < kernel; ++column, ++weight) {
          const int place = column * pixel_step(in_channels) + in;
          std::uint16_t* value =
              of_row + static_cast<std::size_t>(place / 2) * (2 * kTileChannels) + place % 2;
          *value = to_bf16(*weight);
          if (planes > 1) value[plane()] = to_bf16(*weight - from_bf16(*value));
        }
      }
    }
  }
}

}  // namespace facet::detail
