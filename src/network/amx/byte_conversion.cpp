// SPDX-License-Identifier: Apache-2.0
#include "network/amx/byte_conversion.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

// As in amx_convolution.cpp: nothing of the standard library below this line.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16"))), \
                             apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512bf16")
#endif

namespace facet::detail {

void bytes_to_bf16(const std::uint8_t* bytes, std::size_t count, float mean, float scale,
                   std::uint16_t* high, std::uint16_t* low) {
  constexpr std::size_t step = 16;
  const __m512 means = _mm512_set1_ps(mean);
  const __m512 scales = _mm512_set1_ps(scale);
  for (std::size_t i = 0; i < count; i += step) {
    const std::size_t left = count - i;
    const auto used = static_cast<__mmask16>(left < step ? (1U << left) - 1U : 0xffffU);
    const __m128i some = _mm_maskz_loadu_epi8(used, bytes + i);
    const __m512 value =
        _mm512_mul_ps(_mm512_sub_ps(_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(some)), means), scales);
    const auto rounded = reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(value));
    _mm256_mask_storeu_epi16(high + i, used, rounded);
    if (low == nullptr) continue;
    const __m512 widened =
        _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(rounded), 16));
    _mm256_mask_storeu_epi16(
        low + i, used,
        reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(_mm512_sub_ps(value, widened))));
  }
}

}  // namespace facet::detail

#if defined(__clang__)
#pragma clang attribute pop
#endif

#else  // never called: has_amx() is false

namespace facet::detail {

void bytes_to_bf16(const std::uint8_t*, std::size_t, float, float, std::uint16_t*, std::uint16_t*) {
}

}  // namespace facet::detail

#endif
