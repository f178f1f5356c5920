// SPDX-License-Identifier: Apache-2.0
// A photo's bytes as the values that networks read.
#pragma once

#include <cstddef>
#include <cstdint>

namespace facet::detail {

// high[i] is (bytes[i] - mean) * scale as bfloat16; where `low` is not null, low[i] is what is left
// of it. Only where has_amx().
void bytes_to_bf16(const std::uint8_t* bytes, std::size_t count, float mean, float scale,
                   std::uint16_t* high, std::uint16_t* low);

}  // namespace facet::detail
