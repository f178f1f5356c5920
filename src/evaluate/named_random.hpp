// SPDX-License-Identifier: Apache-2.0
// Random choices that depend on a photo's name alone.
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

namespace facet::detail {

// The same numbers on every machine and in any order of photos (std's distributions differ between
// libraries). FNV-1a of purpose and name seeds splitmix64.
class NamedRandom {
 public:
  NamedRandom(std::string_view purpose, std::string_view name) {
    add(purpose);
    add("\n");
    add(name);
  }

  // 0 … 1, 1 excluded.
  double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  double between(double low, double high) { return low + (high - low) * unit(); }
  // Equal chances for equal ratios; both bounds above 0.
  double between_ratios(double low, double high) { return low * std::pow(high / low, unit()); }
  // 0 … count - 1.
  std::uint64_t below(std::uint64_t count) {
    return static_cast<std::uint64_t>(unit() * static_cast<double>(count));
  }

 private:
  void add(std::string_view text) {
    for (const char c : text) {
      state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
  }
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  std::uint64_t state_ = 0xcbf29ce484222325U;
};

}  // namespace facet::detail
