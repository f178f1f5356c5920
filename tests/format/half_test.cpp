// SPDX-License-Identifier: Apache-2.0
#include "format/half.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "format/safetensors.hpp"

namespace facet::detail {
namespace {

// Computed by definition, not by bits.
double value_of(std::uint16_t half) {
  const int exponent = (half >> 10) & 31;
  const int mantissa = half & 1023;
  const double sign = (half & 0x8000) != 0 ? -1 : 1;
  if (exponent == 0) return sign * std::ldexp(mantissa, -24);
  return sign * std::ldexp(1024 + mantissa, exponent - 25);
}

TEST(Half, ReadsAllFiniteValuesExactly) {
  for (int bits = 0; bits < 0x10000; ++bits) {
    if ((bits & 0x7C00) == 0x7C00) continue;
    const auto half = static_cast<std::uint16_t>(bits);
    ASSERT_EQ(static_cast<double>(from_half(half)), value_of(half)) << bits;
    ASSERT_EQ(std::signbit(from_half(half)), bits >= 0x8000) << bits;
    ASSERT_EQ(to_half(from_half(half)), half) << bits;
  }
}

TEST(Half, KeepsInfinitiesAndNotANumber) {
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(from_half(0x7C00), infinity);
  EXPECT_EQ(from_half(0xFC00), -infinity);
  EXPECT_TRUE(std::isnan(from_half(0x7E00)));
  EXPECT_TRUE(std::isnan(from_half(0x7C01)));
  EXPECT_EQ(to_half(infinity), 0x7C00);
  EXPECT_EQ(to_half(-infinity), 0xFC00);
  EXPECT_TRUE(std::isnan(from_half(to_half(std::nanf("")))));
  // A NaN whose payload lies in the bits that half drops must not become infinite.
  EXPECT_TRUE(std::isnan(from_half(to_half(std::bit_cast<float>(0x7F800001U)))));
}

TEST(Half, RoundsToNearestAndTiesToEvenBetweenAllNeighbours) {
  for (std::uint16_t half = 0; half < 0x7BFF; ++half) {
    const float low = from_half(half);
    const float high = from_half(static_cast<std::uint16_t>(half + 1));
    const float middle = (low + high) / 2;  // exact in fp32
    const auto even = static_cast<std::uint16_t>(half + (half & 1));
    ASSERT_EQ(to_half(middle), even) << half;
    ASSERT_EQ(to_half(-middle), even | 0x8000) << half;
    ASSERT_EQ(to_half(std::nextafter(middle, low)), half) << half;
    ASSERT_EQ(to_half(std::nextafter(middle, high)), half + 1) << half;
  }
}

TEST(Half, RoundsToInfinityFromHalfWayAboveTheLargest) {
  EXPECT_EQ(to_half(65504.0F), 0x7BFF);
  EXPECT_EQ(to_half(std::nextafter(65520.0F, 0.0F)), 0x7BFF);
  EXPECT_EQ(to_half(65520.0F), 0x7C00);
  EXPECT_EQ(to_half(-1e30F), 0xFC00);
}

TEST(Half, RoundsTheSmallestToZeroWithItsSign) {
  EXPECT_EQ(to_half(0x1p-25F), 0x0000);  // half way between 0 and the smallest: to even
  EXPECT_EQ(to_half(std::nextafter(0x1p-25F, 1.0F)), 0x0001);
  EXPECT_EQ(to_half(-std::numeric_limits<float>::denorm_min()), 0x8000);
  EXPECT_EQ(to_half(-0.0F), 0x8000);
}

TEST(Half, NoticesEveryValueThatIsNotFinite) {
  std::vector<std::byte> stored(2 * 1003, std::byte{0x7B});
  EXPECT_TRUE(halves_are_finite(stored));
  EXPECT_TRUE(halves_are_finite({}));
  for (const std::size_t place : {std::size_t{0}, std::size_t{500}, std::size_t{1002}}) {
    for (const int high : {0x7C, 0xFC, 0x7E, 0xFF}) {
      std::vector<std::byte> changed = stored;
      changed[2 * place + 1] = static_cast<std::byte>(high);
      EXPECT_FALSE(halves_are_finite(changed)) << place << ' ' << high;
    }
  }
}

TEST(Half, ConvertsWholeTensorsOfAllKindsOfValues) {
  std::vector<std::byte> stored;
  for (int bits = 0; bits < 0x10000; ++bits) {
    if ((bits & 0x7C00) == 0x7C00) continue;
    stored.push_back(static_cast<std::byte>(bits & 0xFF));
    stored.push_back(static_cast<std::byte>(bits >> 8));
  }
  std::vector<float> floats(stored.size() / 2);
  halves_to_floats(stored, floats);
  std::size_t i = 0;
  for (int bits = 0; bits < 0x10000; ++bits) {
    if ((bits & 0x7C00) == 0x7C00) continue;
    ASSERT_EQ(static_cast<double>(floats[i++]), value_of(static_cast<std::uint16_t>(bits))) << bits;
  }
}

TEST(Half, ConvertsWholeTensorsAsSingleValues) {
  std::vector<float> floats;
  for (int i = 0; i < 1003; ++i) floats.push_back(std::sin(static_cast<float>(i)) * 100.0F);
  std::vector<std::byte> stored(2 * floats.size());
  floats_to_halves(floats, stored);
  std::vector<float> back(floats.size());
  halves_to_floats(stored, back);
  for (std::size_t i = 0; i < floats.size(); ++i) {
    ASSERT_EQ(back[i], from_half(to_half(floats[i]))) << i;
    ASSERT_NEAR(back[i], floats[i], std::abs(floats[i]) * 0x1p-11F + 1e-7F) << i;
  }
}

}  // namespace
}  // namespace facet::detail
