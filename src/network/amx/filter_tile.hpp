// SPDX-License-Identifier: Apache-2.0
// Filters in the order in which AMX reads them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace facet::detail {

// Where the values of a tile come from.
struct TileSource {
  const float* weights;  // of the first of 16 filters
  std::size_t filter;    // values from filter to filter
  const int* places;     // of the 32 values that a filter adds to the tile, or -1 for a zero
};

// Writes 16 pairs of values × 16 filters × 2 as bfloat16; where `low` is not null, what is left of
// the values there. Only where has_amx().
void write_filter_tile(const TileSource& source, std::uint16_t* high, std::uint16_t* low);

}  // namespace facet::detail
