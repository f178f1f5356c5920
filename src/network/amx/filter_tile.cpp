// SPDX-License-Identifier: Apache-2.0
#include "network/amx/filter_tile.hpp"

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
namespace {

constexpr int kPairs = 16;
// Of a register; GCC 12 takes the forms without a mask for uninitialised here.
constexpr __mmask16 kAll = 0xffff;

__m512 gathered(const float* weights, __m512i filters, int place) {
  const __m512 zeros = _mm512_setzero_ps();
  if (place < 0) return zeros;
  return _mm512_mask_i32gather_ps(zeros, kAll, filters, weights + place, sizeof(float));
}

__m512i as_words(__m512 values) {
  return _mm512_maskz_cvtepu16_epi32(kAll, reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(values)));
}

__m512i pairs_of(__m512i first, __m512i second) {
  return _mm512_or_si512(first, _mm512_maskz_slli_epi32(kAll, second, 16));
}

__m512 left_of(__m512 values, __m512i words) {
  return _mm512_sub_ps(values, _mm512_castsi512_ps(_mm512_maskz_slli_epi32(kAll, words, 16)));
}

}  // namespace

void write_filter_tile(const TileSource& source, std::uint16_t* high, std::uint16_t* low) {
  const __m512i filters =
      _mm512_mullo_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                         _mm512_set1_epi32(static_cast<int>(source.filter)));
  for (int pair = 0; pair < kPairs; ++pair, high += 2 * kPairs) {
    const __m512 first = gathered(source.weights, filters, source.places[2 * pair]);
    const __m512 second = gathered(source.weights, filters, source.places[2 * pair + 1]);
    const __m512i first_words = as_words(first);
    const __m512i second_words = as_words(second);
    _mm512_storeu_si512(high, pairs_of(first_words, second_words));
    if (low == nullptr) continue;
    _mm512_storeu_si512(low, pairs_of(as_words(left_of(first, first_words)),
                                      as_words(left_of(second, second_words))));
    low += 2 * kPairs;
  }
}

}  // namespace facet::detail

#if defined(__clang__)
#pragma clang attribute pop
#endif

#else  // never called: has_amx() is false

namespace facet::detail {

void write_filter_tile(const TileSource&, std::uint16_t*, std::uint16_t*) {
}

}  // namespace facet::detail

#endif
