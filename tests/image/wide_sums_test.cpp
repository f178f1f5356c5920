// SPDX-License-Identifier: Apache-2.0
#include "image/wide_sums.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <vector>

namespace facet::detail {
namespace {

constexpr std::size_t kStride = 71;
constexpr int kMostRows = 11;

std::vector<std::uint8_t> random_bytes(std::size_t count) {
  std::mt19937 random(1);
  std::vector<std::uint8_t> bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random() >> 24);
  return bytes;
}

std::vector<float> random_weights(std::size_t count) {
  std::mt19937 random(2);
  std::uniform_real_distribution<float> share(0, 1 / 12.0F);
  std::vector<float> weights(count);
  for (float& weight : weights) weight = share(random);
  return weights;
}

// In the order of resample()'s loops: by fours, each as two pairs; what is left one by one.
float sum_in_order(const std::uint8_t* at, const float* weights, int count) {
  const auto term = [&](int t) {
    return weights[t] * static_cast<float>(at[static_cast<std::size_t>(t) * kStride]);
  };
  if (count == 1) return term(0);
  if (count == 2) return term(0) + term(1);
  if (count == 3) return (term(0) + term(1)) + term(2);
  float sum = (term(0) + term(1)) + (term(2) + term(3));
  int t = 4;
  for (; t + 4 <= count; t += 4) sum += (term(t) + term(t + 1)) + (term(t + 2) + term(t + 3));
  for (; t < count; ++t) sum += term(t);
  return sum;
}

TEST(WideSums, OfRowsAreThoseOfTheLoopsToTheBit) {
  if (!has_wide_sums()) GTEST_SKIP() << "this processor has no such registers";
  const std::vector<std::uint8_t> bytes = random_bytes(kStride * kMostRows);
  const std::vector<float> weights = random_weights(kMostRows);
  for (int count = 1; count <= kMostRows; ++count) {
    for (std::size_t size = kLeastWideSums; size <= 50; ++size) {
      std::vector<float> sums(size + 1, -1.0F);
      sum_rows_wide(bytes.data(), kStride, weights.data(), count, sums.data(), size);
      for (std::size_t i = 0; i < size; ++i) {
        ASSERT_EQ(sums[i], sum_in_order(bytes.data() + i, weights.data(), count))
            << count << " rows, value " << i << " of " << size;
      }
      ASSERT_EQ(sums[size], -1.0F) << "written behind the end";
    }
  }
}

TEST(WideSums, OfColumnsAreRoundedAndEndWithTheLastPixel) {
  if (!has_wide_sums()) GTEST_SKIP() << "this processor has no such registers";
  constexpr int begin = 5;
  constexpr int columns = 40;
  std::vector<float> row;
  for (const std::uint8_t byte : random_bytes(std::size_t{columns} * 3 + 1)) row.push_back(byte);
  for (int same_count = 0; same_count <= 6; ++same_count) {
    std::vector<Taps> taps;
    std::vector<float> weights;
    for (int x = 0; x < 13; ++x) {
      const int count = same_count == 0 ? 1 + x % 9 : same_count;
      taps.push_back({begin + 2 * x, count, weights.size()});
      const std::vector<float> some = random_weights(static_cast<std::size_t>(count));
      weights.insert(weights.end(), some.begin(), some.end());
    }
    for (std::size_t pixels = 1; pixels <= taps.size(); ++pixels) {
      std::vector<std::uint8_t> output(pixels * 3 + 1, 77);
      average_columns_wide(same_count, row.data(), begin, taps.data(), pixels, weights.data(),
                           output.data());
      for (std::size_t x = 0; x < pixels; ++x) {
        for (std::size_t c = 0; c < 3; ++c) {
          float sum = 0.5F;
          for (int t = 0; t < taps[x].count; ++t) {
            const auto column = static_cast<std::size_t>(taps[x].first - begin + t);
            sum += weights[taps[x].weights + static_cast<std::size_t>(t)] * row[column * 3 + c];
          }
          ASSERT_EQ(output[x * 3 + c], static_cast<std::uint8_t>(sum))
              << same_count << " taps, pixel " << x << " of " << pixels;
        }
      }
      ASSERT_EQ(output.back(), 77) << "written behind the end";
    }
  }
}

}  // namespace
}  // namespace facet::detail
