// SPDX-License-Identifier: Apache-2.0
// How many images go through a network together.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>

namespace facet::detail {

// Of `left` images, at most `most`: the largest power of two, so that a runner meets few sizes and
// prepares for each but once, however many faces photos have.
constexpr std::size_t batch_size(std::size_t left, std::size_t most) {
  return std::bit_floor(std::min(left, most));
}

}  // namespace facet::detail
