// SPDX-License-Identifier: Apache-2.0
// Photos and plain maps into maps of bfloat16, and back.
#pragma once

#include "facet/image.hpp"
#include "network/amx/bf16_map.hpp"

namespace facet::detail {

// Rows [first, first + count) of the photo as those of image `n` of the map, which is as wide:
// pixels p become (p - mean) * scale.
void write_photo_rows(const Image& photo, int first, int count, float mean, float scale,
                      Bf16View& map, int n);
// True where bfloat16 holds every such value as it is.
bool bytes_are_exact(float mean, float scale);
// `values` are NHWC, without border.
void write_map(const float* values, Bf16Map& map);
void read_map(const Bf16Map& map, float* values);

}  // namespace facet::detail
