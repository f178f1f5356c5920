// SPDX-License-Identifier: Apache-2.0
// The filters of a convolution in the order in which AMX multiplies them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "format/network_spec.hpp"
#include "network/aligned_buffer.hpp"
#include "network/amx/bf16_map.hpp"
#include "network/network_impl.hpp"

namespace facet::detail {

// A row of a filter's window is kernel pixels, that is neighbouring values of an NHWC map: so many
// times 32 of them, the last time with zeros for those that are too many. Immutable once made.
struct AmxFilters {
  static constexpr int kTileChannels = 16;  // output channels of a tile
  static constexpr int kTileDepth = 32;     // values that it sums
  static constexpr std::size_t kTileValues = std::size_t{kTileChannels} * kTileDepth;

  AmxFilters(const Layer& layer, const LayerWeights& weights, int planes);
  AmxFilters(AmxFilters&&) = default;

  // The tiles of 16 output channels, kernel row by kernel row, depth by depth: 16 pairs of values
  // × 16 channels × 2.
  [[nodiscard]] const std::uint16_t* tile(int index) const {
    return first + static_cast<std::size_t>(index) * tile_values();
  }
  [[nodiscard]] std::size_t tile_values() const {
    return static_cast<std::size_t>(kernel) * static_cast<std::size_t>(depth) * kTileValues;
  }
  [[nodiscard]] std::size_t plane() const {
    return static_cast<std::size_t>(tiles) * tile_values();
  }

  int in_channels;
  int out_channels;
  int kernel;
  int stride;
  int padding;
  bool relu;
  int planes;
  int depth;                // tiles that a row of the kernel takes
  int tiles;                // of output channels
  std::vector<float> bias;  // zeros behind the last channel, to whole tiles
  const std::uint16_t* first = nullptr;

 private:
  // Of each value of the tiles of 16 filters, where it lies in a filter's weight; -1 for zeros.
  [[nodiscard]] std::vector<int> places_of_values() const;

  AlignedBuffer values_;
};

}  // namespace facet::detail
