// SPDX-License-Identifier: Apache-2.0
// AMX's instructions on its eight tiles, of 16 rows × 64 bytes here. GCC's own intrinsics take no
// template parameters as tile numbers, and need options that would let the compiler use AMX, and
// AVX-512, wherever it likes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace facet::detail {

// The first kSumAndPixelTiles hold sums and pixels, which may be fewer than 16; the others filters.
struct alignas(64) TileShapes {
  static constexpr std::size_t kTiles = 8;
  static constexpr std::size_t kSumAndPixelTiles = 6;

  explicit TileShapes(int pixels) {
    for (std::size_t i = 0; i < kTiles; ++i) {
      bytes_a_row[i] = 64;
      rows[i] = static_cast<std::uint8_t>(i < kSumAndPixelTiles ? pixels : 16);
    }
  }
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::array<std::uint8_t, 14> reserved{};
  std::array<std::uint16_t, 16> bytes_a_row{};
  std::array<std::uint8_t, 16> rows{};
};

// Shapes are a state of the thread; setting them clears the tiles.
inline void set_tile_shapes(const TileShapes& shapes) {
  asm volatile("ldtilecfg %0" : : "m"(shapes));
}
inline void release_tiles() {
  asm volatile("tilerelease");
}

template <int kTile>
inline void clear_tile() {
  asm volatile("tilezero %%tmm%c0" : : "i"(kTile));
}
template <int kTile>
inline void load_tile(const void* rows, std::size_t bytes_from_row_to_row) {
  asm volatile("tileloadd (%0,%1,1), %%tmm%c2"
               :
               : "r"(rows), "r"(bytes_from_row_to_row), "i"(kTile)
               : "memory");
}
template <int kTile>
inline void store_tile(void* rows, std::size_t bytes_from_row_to_row) {
  asm volatile("tilestored %%tmm%c2, (%0,%1,1)"
               :
               : "r"(rows), "r"(bytes_from_row_to_row), "i"(kTile)
               : "memory");
}
// kSums += kPixels × kFilters.
template <int kSums, int kPixels, int kFilters>
inline void multiply_tiles() {
  asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0"
               :
               : "i"(kSums), "i"(kPixels), "i"(kFilters));
}

}  // namespace facet::detail
