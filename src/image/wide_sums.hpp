// SPDX-License-Identifier: Apache-2.0
// The sums of resample() in registers of 64 bytes. Their values are those of its own loops to the
// bit: nothing is added in another order, or multiplied and added in one step.
#pragma once

#include <cstddef>
#include <cstdint>

namespace facet::detail {

// The source pixels [first, first + count) that one output pixel averages, and where their
// weights begin.
struct Taps {
  int first = 0;
  int count = 0;
  std::size_t weights = 0;
};

// Whether this processor has such registers. What follows may only be called then.
bool has_wide_sums();

// Fewer values than this have no place in a register.
constexpr std::size_t kLeastWideSums = 16;

// sum[i] = the sum of weights[t] * rows[t * stride + i] over `count` rows of `size` values each, at
// least kLeastWideSums.
void sum_rows_wide(const std::uint8_t* rows, std::size_t stride, const float* weights, int count,
                   float* sum, std::size_t size);

// The horizontal pass: `pixels` pixels of the result, at least one. `row` starts at source column
// `begin` and is one value longer. `same_count`: the taps of every pixel, or 0 where they differ.
void average_columns_wide(int same_count, const float* row, int begin, const Taps* taps,
                          std::size_t pixels, const float* weights, std::uint8_t* output);

}  // namespace facet::detail
