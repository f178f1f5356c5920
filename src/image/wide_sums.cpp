// SPDX-License-Identifier: Apache-2.0
// Compiled without contraction: see CMakeLists.txt.
#include "image/wide_sums.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

namespace facet::detail {

bool has_wide_sums() {
  static const bool found = __builtin_cpu_supports("avx512f") != 0 &&
                            __builtin_cpu_supports("avx512bw") != 0 &&
                            __builtin_cpu_supports("avx512vl") != 0;
  return found;
}

}  // namespace facet::detail

// What follows is only called where has_wide_sums(). Nothing of the standard library below this
// line: it would be compiled for AVX-512 and shared with the rest of the program.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl"))), \
                             apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512vl")
#endif

namespace facet::detail {
namespace {

constexpr std::size_t kStep = kLeastWideSums;

__m512 weighted(const std::uint8_t* bytes, float weight) {
  const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
  return _mm512_mul_ps(_mm512_set1_ps(weight), _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(some)));
}

__m512 two_rows(const std::uint8_t* bytes, std::size_t stride, const float* weights) {
  return _mm512_add_ps(weighted(bytes, weights[0]), weighted(bytes + stride, weights[1]));
}

__m512 four_rows(const std::uint8_t* bytes, std::size_t stride, const float* weights) {
  return _mm512_add_ps(two_rows(bytes, stride, weights),
                       two_rows(bytes + 2 * stride, stride, weights + 2));
}

// `kCount` rows, or as many as `count` says where that is 4.
template <int kCount>
__m512 all_rows(const std::uint8_t* bytes, std::size_t stride, const float* weights, int count) {
  if constexpr (kCount == 1) return weighted(bytes, weights[0]);
  if constexpr (kCount == 2) return two_rows(bytes, stride, weights);
  if constexpr (kCount == 3) {
    return _mm512_add_ps(two_rows(bytes, stride, weights),
                         weighted(bytes + 2 * stride, weights[2]));
  }
  __m512 sum = four_rows(bytes, stride, weights);
  int t = 4;
  for (; t + 4 <= count; t += 4) {
    const std::uint8_t* row = bytes + static_cast<std::size_t>(t) * stride;
    sum = _mm512_add_ps(sum, four_rows(row, stride, weights + t));
  }
  for (; t < count; ++t) {
    const std::uint8_t* row = bytes + static_cast<std::size_t>(t) * stride;
    sum = _mm512_add_ps(sum, weighted(row, weights[t]));
  }
  return sum;
}

template <int kCount>
void sum_rows(const std::uint8_t* rows, std::size_t stride, const float* weights, int count,
              float* sum, std::size_t size) {
  std::size_t i = 0;
  for (; i + kStep <= size; i += kStep) {
    _mm512_storeu_ps(sum + i, all_rows<kCount>(rows + i, stride, weights, count));
  }
  if (i == size) return;
  i = size - kStep;  // some of the last are there already
  _mm512_storeu_ps(sum + i, all_rows<kCount>(rows + i, stride, weights, count));
}

// Red, green, blue and one value more.
template <int kCount>
__m128i average(const float* pixel, const float* weights, int count) {
  __m128 sum = _mm_set1_ps(0.5F);  // rounds
  for (int t = 0; t < (kCount == 0 ? count : kCount); ++t, pixel += 3) {
    sum = _mm_add_ps(sum, _mm_mul_ps(_mm_set1_ps(weights[t]), _mm_loadu_ps(pixel)));
  }
  const __m128i first_bytes =
      _mm_setr_epi8(0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
  return _mm_shuffle_epi8(_mm_cvttps_epi32(sum), first_bytes);
}

template <int kCount>
void average_columns(const float* row, int begin, const Taps* taps, std::size_t pixels,
                     const float* weights, std::uint8_t* output) {
  const auto pixel_of = [&](const Taps& of) {
    return average<kCount>(row + static_cast<std::ptrdiff_t>(of.first - begin) * 3,
                           weights + of.weights, of.count);
  };
  // A byte more than the pixel has: the next one replaces it.
  for (std::size_t i = 0; i + 1 < pixels; ++i, output += 3) {
    _mm_storeu_si32(output, pixel_of(taps[i]));
  }
  const int last = _mm_cvtsi128_si32(pixel_of(taps[pixels - 1]));
  for (int c = 0; c < 3; ++c) output[c] = static_cast<std::uint8_t>(last >> (8 * c));
}

}  // namespace

void sum_rows_wide(const std::uint8_t* rows, std::size_t stride, const float* weights, int count,
                   float* sum, std::size_t size) {
  switch (count) {
    case 1:
      return sum_rows<1>(rows, stride, weights, count, sum, size);
    case 2:
      return sum_rows<2>(rows, stride, weights, count, sum, size);
    case 3:
      return sum_rows<3>(rows, stride, weights, count, sum, size);
    default:
      return sum_rows<4>(rows, stride, weights, count, sum, size);
  }
}

void average_columns_wide(int same_count, const float* row, int begin, const Taps* taps,
                          std::size_t pixels, const float* weights, std::uint8_t* output) {
  switch (same_count) {
    case 1:
      return average_columns<1>(row, begin, taps, pixels, weights, output);
    case 2:
      return average_columns<2>(row, begin, taps, pixels, weights, output);
    case 3:
      return average_columns<3>(row, begin, taps, pixels, weights, output);
    case 4:
      return average_columns<4>(row, begin, taps, pixels, weights, output);
    case 5:
      return average_columns<5>(row, begin, taps, pixels, weights, output);
    case 6:
      return average_columns<6>(row, begin, taps, pixels, weights, output);
    default:
      return average_columns<0>(row, begin, taps, pixels, weights, output);
  }
}

}  // namespace facet::detail

#if defined(__clang__)
#pragma clang attribute pop
#endif

#else  // never called: has_wide_sums() is false

namespace facet::detail {

bool has_wide_sums() {
  return false;
}
void sum_rows_wide(const std::uint8_t*, std::size_t, const float*, int, float*, std::size_t) {
}
void average_columns_wide(int, const float*, int, const Taps*, std::size_t, const float*,
                          std::uint8_t*) {
}

}  // namespace facet::detail

#endif
