// SPDX-License-Identifier: Apache-2.0
#include "facet/precision.hpp"

#include <oneapi/dnnl/dnnl.hpp>

#include "facet/error.hpp"

namespace facet {

bool processor_has_bf16() {
  // Instruction sets are bit masks: a richer one holds all bits of a poorer one.
  const auto least = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16);
  return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & least) == least;
}

Precision describing_precision(Precision wanted) {
  if (wanted == Precision::bf16 && !processor_has_bf16()) {
    throw Error(ErrorCode::unsupported,
                "precision bf16: this processor has no instructions for it (AVX512_BF16 or AMX)");
  }
  if (wanted != Precision::automatic) return wanted;
  return processor_has_bf16() ? Precision::bf16 : Precision::fp32;
}

Precision placing_precision(Precision wanted) {
  return wanted == Precision::automatic ? Precision::fp32 : describing_precision(wanted);
}

}  // namespace facet
