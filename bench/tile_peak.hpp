// SPDX-License-Identifier: Apache-2.0
// What the processor's matrix unit can do, measured: products of tiles and nothing else.
#pragma once

namespace facet::bench {

// Operations a second of one core, a multiplication and an addition each counted; 0 where the
// processor has no AMX.
double bf16_peak();
double int8_peak();

}  // namespace facet::bench
