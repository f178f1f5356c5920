// SPDX-License-Identifier: Apache-2.0
// Means of each channel over whole maps of bfloat16.
#pragma once

#include <span>

#include "network/amx/bf16_map.hpp"

namespace facet::detail {

// Over all places of image `n`; as many means as the map has channels.
void average_map(const Bf16Map& map, int n, std::span<float> means);

}  // namespace facet::detail
