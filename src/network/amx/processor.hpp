// SPDX-License-Identifier: Apache-2.0
// Whether this processor multiplies matrices of bfloat16 by itself.
#pragma once

namespace facet::detail {

// True where the processor has AMX for bfloat16 and the AVX-512 instructions that go with it, and
// the system lets this process use them. Asked once.
bool has_amx();

}  // namespace facet::detail
