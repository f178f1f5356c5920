// SPDX-License-Identifier: Apache-2.0
#include "facet/precision.hpp"

#include <oneapi/dnnl/dnnl.hpp>

#include "facet/error.hpp"
#include "network/amx/processor.hpp"
#include "network/arithmetic.hpp"

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

namespace detail {

const char* arithmetic_name(Arithmetic arithmetic) {
  switch (arithmetic) {
    case Arithmetic::fp32:
      return "fp32";
    case Arithmetic::bf16x3:
      return "bf16x3";
    case Arithmetic::bf16:
      return "bf16";
  }
  return "";
}

Arithmetic describing_arithmetic(Precision wanted) {
  return describing_precision(wanted) == Precision::bf16 ? Arithmetic::bf16 : Arithmetic::fp32;
}

Arithmetic placing_arithmetic(Precision wanted) {
  if (wanted == Precision::automatic) return has_amx() ? Arithmetic::bf16x3 : Arithmetic::fp32;
  return describing_arithmetic(wanted);
}

Arithmetic proposing_arithmetic(Precision wanted) {
  return placing_arithmetic(wanted);
}

}  // namespace detail

}  // namespace facet
