// SPDX-License-Identifier: Apache-2.0
#include "format/half.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

#include "format/safetensors.hpp"

namespace facet::detail {
namespace {

constexpr std::uint32_t kExponentShift = 112U << 23;  // between the biases of fp32 and half
constexpr std::uint32_t kFloatInfinity = 0x7F800000;
constexpr std::uint32_t kRoundsToInfinity = 0x477FF000;  // 65520, half way above the largest half
constexpr std::uint32_t kSmallestNormal = 0x38800000;    // 2^-14

// Selections instead of branches, so that the compiler vectorises the loops over tensors.
std::uint32_t float_bits(std::uint32_t half) {
  const std::uint32_t magnitude = half & 0x7FFF;
  const std::uint32_t subnormal =
      std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<int>(magnitude)) * 0x1p-24F);
  std::uint32_t bits = (magnitude << 13) + kExponentShift;
  bits += magnitude >= 0x7C00 ? kExponentShift : 0;
  bits = magnitude < 0x0400 ? subnormal : bits;
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

void halves_to_floats(std::span<const std::byte> stored, std::span<float> floats) {
  const std::byte* from = stored.data();
  float* to = floats.data();
  for (std::size_t i = 0; i < floats.size(); ++i) {
    std::uint16_t half;
    std::memcpy(&half, from + 2 * i, sizeof half);
    to[i] = std::bit_cast<float>(float_bits(half));
  }
}

void floats_to_halves(std::span<const float> floats, std::span<std::byte> stored) {
  for (std::size_t i = 0; i < floats.size(); ++i) {
    const std::uint16_t half = to_half(floats[i]);
    std::memcpy(stored.data() + 2 * i, &half, sizeof half);
  }
}

}  // namespace facet::detail
