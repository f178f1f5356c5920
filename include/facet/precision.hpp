// SPDX-License-Identifier: Apache-2.0
// With how many bits networks compute.
#pragma once

#include "facet/api.hpp"

namespace facet {

enum class Precision {
  automatic,  // ANet at bf16 where this processor multiplies it itself, all else at fp32 or, where
              // it has AMX, so close to it that boxes are the same
  fp32,       // single precision throughout
  bf16,       // maps and weights in bfloat16, sums in single precision: about twice as fast
};

// As options and results spell it.
constexpr const char* precision_name(Precision precision) {
  switch (precision) {
    case Precision::automatic:
      return "auto";
    case Precision::fp32:
      return "fp32";
    case Precision::bf16:
      return "bf16";
  }
  return "";
}

// True where the processor has instructions for bfloat16 (AVX512_BF16 or AMX). Where it has not,
// bf16 would be slower than fp32 and is refused.
FACET_API bool processor_has_bf16();

// fp32 or bf16: what `wanted` means on this processor for a network that describes (ANet). Throws
// Error(unsupported) for bf16 on a processor without it.
FACET_API Precision describing_precision(Precision wanted);
// The same for networks that say where a face is and how it stands (LNet, the aligner): automatic
// is fp32, because boxes that move a little change more decisions than rounding in ANet does.
FACET_API Precision placing_precision(Precision wanted);

}  // namespace facet
