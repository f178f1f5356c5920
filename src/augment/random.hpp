// SPDX-License-Identifier: Apache-2.0
// Random numbers that depend only on (seed, step, sample): a resumed run draws what an
// uninterrupted one would, whatever thread asks.
#pragma once

#include <cmath>
#include <cstdint>

namespace facet::detail {

class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream, std::uint64_t index = 0)
      : state_(mix(seed ^ mix(stream ^ mix(index + 0x9E3779B97F4A7C15ULL)))) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    return mix(state_);
  }
  // [0, 1)
  float uniform() { return static_cast<float>(next() >> 40) * (1.0F / 16777216.0F); }
  float uniform(float low, float high) { return low + (high - low) * uniform(); }
  // exp of a uniform number in ±log(ratio)
  float log_uniform(float ratio) { return std::exp(uniform(-1.0F, 1.0F) * std::log(ratio)); }
  std::uint64_t below(std::uint64_t n) { return next() % n; }
  bool chance(float probability) { return uniform() < probability; }
  float normal() {
    const float u = 1.0F - uniform();
    return std::sqrt(-2.0F * std::log(u)) * std::cos(6.2831853F * uniform());
  }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace facet::detail
