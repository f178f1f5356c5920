// SPDX-License-Identifier: Apache-2.0
#include "format/half.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/widest_registers.hpp"
#include "format/safetensors.hpp"

namespace facet::detail {
namespace {

constexpr std::uint32_t kExponentShift = 112U << 23;  // between the biases of fp32 and half
constexpr std::uint32_t kFloatInfinity = 0x7F800000;
constexpr std::uint32_t kRoundsToInfinity = 0x477FF000;  // 65520, half way above the largest half
constexpr std::uint32_t kSmallestNormal = 0x38800000;    // 2^-14
constexpr std::uint16_t kHalfExponent = 0x7C00;

constexpr std::uint32_t all_ones_where(bool condition) {
  return 0U - static_cast<std::uint32_t>(condition);
}

// Masks instead of branches, and of selections that become branches, so that the compiler
// vectorises the loops over tensors.
std::uint32_t float_bits(std::uint32_t half) {
  const std::uint32_t magnitude = half & 0x7FFF;
  const std::uint32_t subnormal =
      std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<int>(magnitude)) * 0x1p-24F);
  std::uint32_t bits = (magnitude << 13) + kExponentShift;
  bits += kExponentShift & all_ones_where(magnitude >= 0x7C00);
  const std::uint32_t is_subnormal = all_ones_where(magnitude < 0x0400);
  bits = (subnormal & is_subnormal) | (bits & ~is_subnormal);
  return bits | (half & 0x8000) << 16;
}

std::uint32_t half_bits(std::uint32_t bits) {
  const std::uint32_t sign = (bits >> 16) & 0x8000;
  const std::uint32_t magnitude = bits & 0x7FFFFFFF;
  // Adding 0.5 makes the last place 2^-24, the step of half's subnormals: the addition rounds.
  const std::uint32_t subnormal =
      std::bit_cast<std::uint32_t>(
          std::bit_cast<float>(magnitude < kSmallestNormal ? magnitude : 0) + 0.5F) -
      std::bit_cast<std::uint32_t>(0.5F);
  std::uint32_t half =
      (magnitude - kExponentShift + 0x0FFF + ((magnitude >> 13) & 1)) >> 13;  // ties to even
  half = magnitude < kSmallestNormal ? subnormal : half;
  half = magnitude >= kRoundsToInfinity ? 0x7C00 : half;
  half = magnitude > kFloatInfinity ? 0x7E00 | ((magnitude >> 13) & 0x03FF) : half;
  return half | sign;
}

}  // namespace

std::uint16_t to_half(float value) {
  return static_cast<std::uint16_t>(half_bits(std::bit_cast<std::uint32_t>(value)));
}

float from_half(std::uint16_t bits) {
  return std::bit_cast<float>(float_bits(bits));
}

static_assert(std::endian::native == std::endian::little,
              "tensors are stored little-endian and copied as they lie in memory");

namespace {

FACET_WIDEST void widen(const std::byte* __restrict from, float* __restrict to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    std::uint16_t half;
    std::memcpy(&half, from + 2 * i, sizeof half);
    to[i] = std::bit_cast<float>(float_bits(half));
  }
}

// The largest exponent, in place, of halves.
FACET_WIDEST std::uint16_t largest_exponent(const std::byte* stored, std::size_t count) {
  std::uint16_t largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint16_t half;
    std::memcpy(&half, stored + 2 * i, sizeof half);
    const auto exponent = static_cast<std::uint16_t>(half & kHalfExponent);
    largest = exponent > largest ? exponent : largest;
  }
  return largest;
}

}  // namespace

void halves_to_floats(std::span<const std::byte> stored, std::span<float> floats) {
  widen(stored.data(), floats.data(), floats.size());
}

bool halves_are_finite(std::span<const std::byte> stored) {
  return largest_exponent(stored.data(), stored.size() / 2) < kHalfExponent;
}

void floats_to_halves(std::span<const float> floats, std::span<std::byte> stored) {
  for (std::size_t i = 0; i < floats.size(); ++i) {
    const std::uint16_t half = to_half(floats[i]);
    std::memcpy(stored.data() + 2 * i, &half, sizeof half);
  }
}

}  // namespace facet::detail
