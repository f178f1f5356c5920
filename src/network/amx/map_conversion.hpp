// SPDX-License-Identifier: Apache-2.0
// Photos and plain maps into maps of bfloat16, and back.
#pragma once

#include "facet/image.hpp"
#include "network/amx/bf16_map.hpp"

namespace facet::detail {

// The photo as image `n` of the map, which has its size: pixels p become (p - mean) * scale.
void write_photo(const Image& photo, float mean, float scale, Bf16Map& map, int n);
// `values` are NHWC, without border.
void write_map(const float* values, Bf16Map& map);
void read_map(const Bf16Map& map, float* values);

}  // namespace facet::detail
