// SPDX-License-Identifier: Apache-2.0
// A convolution, with bias, shortcut and ReLU, by the matrix unit of x86 processors (AMX).
//
// A tile of the unit holds 16 rows of 32 bfloat16. Neighbouring output pixels read windows that lie
// a fixed distance apart in an NHWC map, so 16 of them are the rows of a tile as they stand in
// memory: nothing is gathered first. Filters are the other factor; a window's rows, and the depth
// of each, are summed up in the unit. A value does not depend on which pixels share its tile:
// results are equal for any batch and any number of threads.
#pragma once

#include "network/amx/amx_filters.hpp"
#include "network/amx/bf16_map.hpp"

namespace facet::detail {

// Values that a convolution may read behind a map of so many channels: those of the pixels that
// fill up the last tile, and of the depth that fills up the last row of a window.
constexpr std::size_t slack_behind(int channels, int largest_stride) {
  return static_cast<std::size_t>(pixel_step(channels)) *
             static_cast<std::size_t>(16 * largest_stride) +
         AmxFilters::kTileDepth;
}

// Where the result goes: to a map, or to plain floats (NHWC, without border).
struct AmxTarget {
  Bf16View* map = nullptr;
  float* values = nullptr;
};

// Around `source` as many columns, and rows above, may be read as the padding takes; a target map
// has the shape of the result, and as many planes as the filters. A source of one plane under
// filters of two has values that one plane holds exactly. `added`, where there is one, is a map of
// the result's shape that is added before ReLU. Only where has_amx().
void convolve(const AmxFilters& filters, const Bf16View& source, const Bf16View* added,
              const MapShape& result, const AmxTarget& target, int threads);

// Max pooling of every plane together. Pixels outside the map do not count.
void pool_maximum(const Layer& layer, const Bf16View& source, const MapShape& result,
                  const AmxTarget& target, int threads);

}  // namespace facet::detail
