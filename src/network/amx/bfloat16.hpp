// SPDX-License-Identifier: Apache-2.0
// bfloat16: the upper half of a float.
#pragma once

#include <bit>
#include <cstdint>

namespace facet::detail {

// To the nearest, of two equally near the even one. Not for NaN.
inline std::uint16_t to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16U) & 1U)) >> 16U);
}

inline float from_bf16(std::uint16_t value) {
  return std::bit_cast<float>(std::uint32_t{value} << 16U);
}

}  // namespace facet::detail
