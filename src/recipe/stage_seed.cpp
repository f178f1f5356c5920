// SPDX-License-Identifier: Apache-2.0
#include "recipe/stage_seed.hpp"

#include <cstddef>

namespace facet::detail {
namespace {

constexpr std::uint64_t kFactor = 0xC6A4A7935BD1E995U;

std::uint64_t mixed(std::uint64_t value) {
  return value ^ (value >> 47);
}

// Up to eight characters as a number, the first one lowest, whatever the machine's byte order.
std::uint64_t number_of(std::string_view characters) {
  std::uint64_t number = 0;
  for (std::size_t i = characters.size(); i > 0; --i) {
    number = number << 8 | static_cast<unsigned char>(characters[i - 1]);
  }
  return number;
}

// MurmurHash64A, with the start value of GCC's std::hash: what the published models' seeds were
// made with, where every standard library may hash otherwise.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xC70F6907U ^ (text.size() * kFactor);
  for (; text.size() >= 8; text.remove_prefix(8)) {
    value = (value ^ mixed(number_of(text.substr(0, 8)) * kFactor) * kFactor) * kFactor;
  }
  if (!text.empty()) value = (value ^ number_of(text)) * kFactor;
  return mixed(mixed(value) * kFactor);
}

}  // namespace

std::uint64_t stage_seed(std::uint64_t recipe_seed, std::string_view stage) {
  constexpr std::uint64_t kPrime = 1000003;
  return recipe_seed * kPrime + hash(stage) % kPrime;
}

}  // namespace facet::detail
