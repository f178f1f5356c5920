// SPDX-License-Identifier: Apache-2.0
// How a network's products are computed.
#pragma once

#include "facet/precision.hpp"

namespace facet::detail {

enum class Arithmetic {
  fp32,
  // Each value is the sum of two in bfloat16, each product the sum of three of theirs: 16 bits of a
  // value count, where bf16 has 8 and fp32 24. Only where the processor has AMX, where it is
  // several times as fast as fp32.
  bf16x3,
  bf16,
};

// As records of runs spell it.
const char* arithmetic_name(Arithmetic arithmetic);

// What `wanted` means on this processor for the network that describes (ANet) … Throws
// Error(unsupported) for bf16 on a processor without it.
Arithmetic describing_arithmetic(Precision wanted);
// … for those that say where a face is and how it stands (LNet_s, the aligner): boxes that move a
// little change more decisions than rounding in ANet does …
Arithmetic placing_arithmetic(Precision wanted);
// … and for the one that only proposes where to look (LNet_o).
Arithmetic proposing_arithmetic(Precision wanted);

}  // namespace facet::detail
