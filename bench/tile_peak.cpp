// SPDX-License-Identifier: Apache-2.0
#include "tile_peak.hpp"

#include <algorithm>
#include <chrono>

#include "network/amx/processor.hpp"
#include "network/amx/tile_instructions.hpp"

namespace facet::bench {
namespace {

#if defined(__x86_64__)

constexpr int rounds = 200'000;
constexpr int products = 4;  // a round
constexpr int repetitions = 7;

void bf16_round() {
  asm volatile(
      "tdpbf16ps %%tmm6, %%tmm4, %%tmm0\n\ttdpbf16ps %%tmm7, %%tmm4, %%tmm1\n\t"
      "tdpbf16ps %%tmm6, %%tmm5, %%tmm2\n\ttdpbf16ps %%tmm7, %%tmm5, %%tmm3" ::
          : "memory");
}
void int8_round() {
  asm volatile(
      "tdpbusd %%tmm6, %%tmm4, %%tmm0\n\ttdpbusd %%tmm7, %%tmm4, %%tmm1\n\t"
      "tdpbusd %%tmm6, %%tmm5, %%tmm2\n\ttdpbusd %%tmm7, %%tmm5, %%tmm3" ::
          : "memory");
}

// The best of some: the peak is what is possible.
double peak(void (*round)(), double operations_a_product) {
  if (!detail::has_amx()) return 0;
  using Clock = std::chrono::steady_clock;
  alignas(64) unsigned char zeros[1024] = {};
  double best = 0;
  detail::set_tile_shapes(detail::TileShapes(16));
  detail::clear_tile<0>();
  detail::clear_tile<1>();
  detail::clear_tile<2>();
  detail::clear_tile<3>();
  detail::load_tile<4>(zeros, 64);
  detail::load_tile<5>(zeros, 64);
  detail::load_tile<6>(zeros, 64);
  detail::load_tile<7>(zeros, 64);
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    const auto start = Clock::now();
    for (int i = 0; i < rounds; ++i) round();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    best = std::max(best, rounds * products * operations_a_product / seconds);
  }
  detail::release_tiles();
  return best;
}

#else

void bf16_round() {
}
void int8_round() {
}
double peak(void (*)(), double) {
  return 0;
}

#endif

}  // namespace

double bf16_peak() {
  return peak(bf16_round, 2.0 * 16 * 16 * 32);
}

double int8_peak() {
  return peak(int8_round, 2.0 * 16 * 16 * 64);
}

}  // namespace facet::bench
