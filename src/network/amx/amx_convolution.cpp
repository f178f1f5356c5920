// SPDX-License-Identifier: Apache-2.0
#include "network/amx/amx_convolution.hpp"

#include "network/amx/tile_instructions.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

// What follows is only called where has_amx(). Nothing of the standard library below this line: it
// would be compiled for AVX-512 and shared with the rest of the program.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16"))), \
                             apply_to = function)
#else
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512bf16")
#endif

namespace facet::detail {
namespace {

constexpr int kTilePixels = 16;
constexpr int kChannels = AmxFilters::kTileChannels;
constexpr int kDepth = AmxFilters::kTileDepth;
constexpr std::size_t kFilterRow = 64;          // bytes of a row of a tile of filters
constexpr int kSums = kTilePixels * kChannels;  // of a tile
constexpr double kWorthThreads = 4e6;           // multiply-adds that a second core is woken for
constexpr int kSumTiles = 4;

constexpr int least(int a, int b) {
  return a < b ? a : b;
}
constexpr int tiles_for(int pixels) {
  return (pixels + kTilePixels - 1) / kTilePixels;
}

// Neighbouring pixels of a result as runs along which windows lie equally far apart. Pixel
// `i` of run `r` is in image, row and column as place() says; it may be none (a column beyond the
// width).
struct Runs {
  int count = 0;   // of runs
  int length = 0;  // of each, in pixels
  int width = 0;   // from which pixel of a run on a new row begins
  int rows = 0;    // of an image that a run covers
  int runs_an_image = 1;
  std::size_t step = 0;     // values of the source from pixel to pixel
  int block = 0;            // pixels that are computed together
  bool exact_rows = false;  // behind the last pixel of a run lies nothing that may be read
};

// One run an image's row; or, where that leaves fewer tiles, one an image, which passes through
// the border between the rows; or one for all images where each has one pixel.
Runs runs_of(const AmxFilters& filters, const Bf16View& source, const MapShape& result) {
  Runs runs;
  runs.step = static_cast<std::size_t>(filters.stride) * source.pixel();
  runs.block = 2 * kTilePixels;
  if (result.height == 1 && result.width == 1) {
    runs.count = 1;
    runs.length = result.count;
    runs.width = 1;
    runs.rows = 1;
    runs.step = source.image();
    runs.block = kTilePixels;
    runs.exact_rows = true;
    return runs;
  }
  const int bordered = source.shape.width + 2 * source.border;
  const int through = (result.height - 1) * bordered + result.width;
  if (filters.stride == 1 && tiles_for(through) < result.height * tiles_for(result.width)) {
    runs.count = result.count;
    runs.length = through;
    runs.width = bordered;
    runs.rows = result.height;
    return runs;
  }
  runs.count = result.count * result.height;
  runs.runs_an_image = result.height;
  runs.length = result.width;
  runs.width = result.width;
  runs.rows = 1;
  return runs;
}

// The sums of kPixelTiles × kChannelTiles tiles, in tiles 0 to 3: channels before pixels.
struct Factors {
  const std::uint16_t* pixels[2];
  const std::uint16_t* filters[2];
  std::size_t pixel_bytes;   // from pixel to pixel
  std::size_t window_row;    // values of the source from row to row of a window
  std::size_t pixel_plane;   // values
  std::size_t filter_plane;  // values
  int kernel;
  int depth;
};

template <int kPixelTiles, int kChannelTiles>
void multiply_loaded() {
  multiply_tiles<0, 4, 6>();
  if constexpr (kChannelTiles > 1) multiply_tiles<1, 4, 7>();
  if constexpr (kPixelTiles > 1) multiply_tiles<2, 5, 6>();
  if constexpr (kPixelTiles > 1 && kChannelTiles > 1) multiply_tiles<3, 5, 7>();
}

template <int kPixelTiles>
void load_pixels(const Factors& factors, std::size_t at) {
  load_tile<4>(factors.pixels[0] + at, factors.pixel_bytes);
  if constexpr (kPixelTiles > 1) load_tile<5>(factors.pixels[1] + at, factors.pixel_bytes);
}
template <int kChannelTiles>
void load_filters(const Factors& factors, std::size_t at) {
  load_tile<6>(factors.filters[0] + at, kFilterRow);
  if constexpr (kChannelTiles > 1) load_tile<7>(factors.filters[1] + at, kFilterRow);
}

// Filters of two planes and pixels of one: their second would be zero.
template <int kPlanes, int kPixelPlanes, int kPixelTiles, int kChannelTiles>
void sum_up(const Factors& factors, float* sums) {
  clear_tile<0>();
  if constexpr (kChannelTiles > 1) clear_tile<1>();
  if constexpr (kPixelTiles > 1) clear_tile<2>();
  if constexpr (kPixelTiles > 1 && kChannelTiles > 1) clear_tile<3>();
  std::size_t filter = 0;
  for (int row = 0; row < factors.kernel; ++row) {
    std::size_t pixel = static_cast<std::size_t>(row) * factors.window_row;
    for (int d = 0; d < factors.depth; ++d, pixel += kDepth, filter += AmxFilters::kTileValues) {
      // The product of both second planes is below what counts. In this order each tile is loaded
      // once.
      load_filters<kChannelTiles>(factors, filter);
      if constexpr (kPixelPlanes > 1) {
        load_pixels<kPixelTiles>(factors, pixel + factors.pixel_plane);
        multiply_loaded<kPixelTiles, kChannelTiles>();
      }
      load_pixels<kPixelTiles>(factors, pixel);
      multiply_loaded<kPixelTiles, kChannelTiles>();
      if constexpr (kPlanes > 1) {
        load_filters<kChannelTiles>(factors, filter + factors.filter_plane);
        multiply_loaded<kPixelTiles, kChannelTiles>();
      }
    }
  }
  store_tile<0>(sums, kFilterRow);
  if constexpr (kChannelTiles > 1) store_tile<1>(sums + kSums, kFilterRow);
  if constexpr (kPixelTiles > 1) store_tile<2>(sums + 2 * kSums, kFilterRow);
  if constexpr (kPixelTiles > 1 && kChannelTiles > 1) store_tile<3>(sums + 3 * kSums, kFilterRow);
}

__m512 widened(__m256i values) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(values), 16));
}
__m256i rounded(__m512 values) {
  return reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(values));
}

__mmask16 lanes(int count) {
  return static_cast<__mmask16>((1U << static_cast<unsigned>(count)) - 1U);
}

// What follows the sums of a tile of channels.
struct Finish {
  const float* bias;
  bool relu;
  __mmask16 channels;
  const std::uint16_t* added = nullptr;  // of the first pixel, or null
  std::size_t added_pixel = 0;           // values from pixel to pixel
  std::size_t added_plane = 0;           // 0: it has one
  std::uint16_t* map = nullptr;          // or …
  float* values = nullptr;
  std::size_t pixel = 0;
  std::size_t plane = 0;
};

template <int kPlanes>
void write_pixel(__m512 value, const Finish& to, std::size_t at) {
  const __m256i high = rounded(value);
  _mm256_mask_storeu_epi16(to.map + at, to.channels, high);
  if constexpr (kPlanes > 1) {
    _mm256_mask_storeu_epi16(to.map + to.plane + at, to.channels,
                             rounded(_mm512_sub_ps(value, widened(high))));
  }
}

template <int kPlanes>
void finish(const float* sums, int pixels, const Finish& to) {
  const __m512 bias = _mm512_loadu_ps(to.bias);
  const __m512 least_value = _mm512_set1_ps(to.relu ? 0.0F : -__builtin_inff());
  for (int i = 0; i < pixels; ++i, sums += kChannels) {
    __m512 value = _mm512_add_ps(_mm512_load_ps(sums), bias);
    if (to.added != nullptr) {
      const std::uint16_t* added = to.added + static_cast<std::size_t>(i) * to.added_pixel;
      value = _mm512_add_ps(value, widened(_mm256_maskz_loadu_epi16(to.channels, added)));
      if (to.added_plane != 0) {
        value = _mm512_add_ps(
            value, widened(_mm256_maskz_loadu_epi16(to.channels, added + to.added_plane)));
      }
    }
    value = _mm512_max_ps(value, least_value);
    const std::size_t at = static_cast<std::size_t>(i) * to.pixel;
    if (to.values != nullptr) {
      _mm512_mask_storeu_ps(to.values + at, to.channels, value);
    } else {
      write_pixel<kPlanes>(value, to, at);
    }
  }
}

// A convolution on its way through the pixels of the result.
template <int kPlanes>
class Convolver {
 public:
  Convolver(const AmxFilters& filters, const Bf16View& source, const Bf16View* added,
            const MapShape& result, const AmxTarget& target)
      : filters_(filters),
        source_(source),
        added_(added),
        result_(result),
        target_(target),
        runs_(runs_of(filters, source, result)),
        blocks_((runs_.length + runs_.block - 1) / runs_.block),
        pairs_((filters.tiles + 1) / 2) {}

  // Work that threads share, and a part of it.
  [[nodiscard]] std::ptrdiff_t items() const {
    return static_cast<std::ptrdiff_t>(runs_.count) * blocks_ * pairs_;
  }
  void work(std::ptrdiff_t first, std::ptrdiff_t end) const {
    set_tile_shapes(TileShapes(kTilePixels));
    for (std::ptrdiff_t item = first; item < end; ++item) {
      const std::ptrdiff_t block = item / pairs_;
      work_block(static_cast<int>(block / blocks_), static_cast<int>(block % blocks_) * runs_.block,
                 static_cast<int>(item % pairs_) * 2);
    }
    release_tiles();
  }

 private:
  void work_block(int run, int first, int tile) const {
    alignas(64) float sums[kSumTiles * kSums];
    const int pixels = least(runs_.block, runs_.length - first);
    const bool two_channels = tile + 1 < filters_.tiles;
    if (runs_.exact_rows) set_tile_shapes(TileShapes(pixels));
    const Factors factors = factors_of(run, first, tile);
    if (kPlanes > 1 && source_.planes == 1) {
      sum_block<1>(factors, pixels, two_channels, sums);
    } else {
      sum_block<kPlanes>(factors, pixels, two_channels, sums);
    }
    for (int start = 0; start < pixels; start += kTilePixels) {
      const int count = least(kTilePixels, pixels - start);
      const float* of_tile = sums + start / kTilePixels * 2 * kSums;
      finish_tile(of_tile, run, first + start, count, tile);
      if (two_channels) finish_tile(of_tile + kSums, run, first + start, count, tile + 1);
    }
  }

  template <int kPixelPlanes>
  static void sum_block(const Factors& factors, int pixels, bool two_channels, float* sums) {
    if (pixels > kTilePixels) {
      two_channels ? sum_up<kPlanes, kPixelPlanes, 2, 2>(factors, sums)
                   : sum_up<kPlanes, kPixelPlanes, 2, 1>(factors, sums);
    } else {
      two_channels ? sum_up<kPlanes, kPixelPlanes, 1, 2>(factors, sums)
                   : sum_up<kPlanes, kPixelPlanes, 1, 1>(factors, sums);
    }
  }

  [[nodiscard]] Factors factors_of(int run, int first, int tile) const {
    const int image = run / runs_.runs_an_image;
    const int row = run % runs_.runs_an_image * filters_.stride - filters_.padding;
    Factors factors;
    factors.pixels[0] =
        source_.at(image, row, -filters_.padding) + static_cast<std::size_t>(first) * runs_.step;
    factors.pixels[1] = factors.pixels[0] + kTilePixels * runs_.step;
    factors.filters[0] = filters_.tile(tile);
    factors.filters[1] = factors.filters[0] + filters_.tile_values();
    factors.pixel_bytes = runs_.step * sizeof(std::uint16_t);
    factors.window_row = source_.row();
    factors.pixel_plane = source_.plane();
    factors.filter_plane = filters_.plane();
    factors.kernel = filters_.kernel;
    factors.depth = filters_.depth;
    return factors;
  }

  // Pixels [first, first + count) of a run, row by row of the result.
  void finish_tile(const float* sums, int run, int first, int count, int tile) const {
    while (count > 0) {
      const int row = first / runs_.width;
      const int column = first % runs_.width;
      const int in_row = least(count, runs_.width - column);
      const int inside = least(in_row, result_.width - column);
      if (inside > 0) finish_row(sums, run, row, column, inside, tile);
      sums += in_row * kChannels;
      first += in_row;
      count -= in_row;
    }
  }

  void finish_row(const float* sums, int run, int row, int column, int count, int tile) const {
    int image = run / runs_.runs_an_image;
    int y = run % runs_.runs_an_image + row;
    if (runs_.exact_rows) {  // a pixel an image
      image = row;
      y = 0;
    }
    const int channel = tile * kChannels;
    // What fills up the last tile of a map is computed from filters of zeros.
    const int stored =
        target_.map != nullptr ? pixel_step(filters_.out_channels) : filters_.out_channels;
    const int channels = least(kChannels, stored - channel);
    Finish to;
    to.pixel = static_cast<std::size_t>(stored);
    to.bias = filters_.bias.data() + channel;
    to.relu = filters_.relu;
    to.channels = lanes(channels);
    if (added_ != nullptr) {
      to.added = added_->at(image, y, column) + channel;
      to.added_pixel = added_->pixel();
      to.added_plane = added_->planes > 1 ? added_->plane() : 0;
    }
    if (target_.map != nullptr) {
      to.map = target_.map->at(image, y, column) + channel;
      to.plane = target_.map->plane();
    } else {
      const std::size_t pixel =
          (static_cast<std::size_t>(image) * static_cast<std::size_t>(result_.height) +
           static_cast<std::size_t>(y)) *
              static_cast<std::size_t>(result_.width) +
          static_cast<std::size_t>(column);
      to.values = target_.values + pixel * to.pixel + channel;
    }
    finish<kPlanes>(sums, count, to);
  }

  const AmxFilters& filters_;
  const Bf16View& source_;
  const Bf16View* added_;
  MapShape result_;
  AmxTarget target_;
  Runs runs_;
  int blocks_;  // a run
  int pairs_;   // of tiles of channels
};

template <int kPlanes>
void convolve_with(const Convolver<kPlanes>& convolver, int threads) {
  const std::ptrdiff_t items = convolver.items();
  if (threads <= 1) {
    convolver.work(0, items);
    return;
  }
#pragma omp parallel for num_threads(threads) schedule(static, 1)
  for (int part = 0; part < threads; ++part) {
    convolver.work(items * part / threads, items * (part + 1) / threads);
  }
}

// The largest of the pixels under the window, in all channels of a tile.
template <int kPlanes>
void pool_pixel(const Layer& layer, const Bf16View& source, const MapShape& result, int image,
                int y, int x, const AmxTarget& target) {
  const int stored = target.map != nullptr ? pixel_step(result.channels) : result.channels;
  for (int channel = 0; channel < stored; channel += kChannels) {
    Finish to;
    to.channels = lanes(least(kChannels, stored - channel));
    __m512 most = _mm512_set1_ps(-__builtin_inff());
    for (int v = 0; v < layer.kernel; ++v) {
      const int row = y * layer.stride - layer.padding + v;
      if (row < 0 || row >= source.shape.height) continue;
      for (int u = 0; u < layer.kernel; ++u) {
        const int column = x * layer.stride - layer.padding + u;
        if (column < 0 || column >= source.shape.width) continue;
        const std::uint16_t* pixel = source.at(image, row, column) + channel;
        __m512 value = widened(_mm256_maskz_loadu_epi16(to.channels, pixel));
        if constexpr (kPlanes > 1) {
          value = _mm512_add_ps(
              value, widened(_mm256_maskz_loadu_epi16(to.channels, pixel + source.plane())));
        }
        most = _mm512_max_ps(most, value);
      }
    }
    if (target.map != nullptr) {
      to.map = target.map->at(image, y, x) + channel;
      to.plane = target.map->plane();
      write_pixel<kPlanes>(most, to, 0);
    } else {
      const std::size_t pixel =
          (static_cast<std::size_t>(image) * static_cast<std::size_t>(result.height) +
           static_cast<std::size_t>(y)) *
              static_cast<std::size_t>(result.width) +
          static_cast<std::size_t>(x);
      _mm512_mask_storeu_ps(
          target.values + pixel * static_cast<std::size_t>(result.channels) + channel, to.channels,
          most);
    }
  }
}

}  // namespace

void convolve(const AmxFilters& filters, const Bf16View& source, const Bf16View* added,
              const MapShape& result, const AmxTarget& target, int threads) {
  const double products =
      static_cast<double>(result.size()) * filters.in_channels * filters.kernel * filters.kernel;
  const int used = products < kWorthThreads ? 1 : threads;
  if (filters.planes > 1) {
    convolve_with(Convolver<2>(filters, source, added, result, target), used);
  } else {
    convolve_with(Convolver<1>(filters, source, added, result, target), used);
  }
}

void pool_maximum(const Layer& layer, const Bf16View& source, const MapShape& result,
                  const AmxTarget& target, int threads) {
  const int rows = result.count * result.height;
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
  for (int row = 0; row < rows; ++row) {
    for (int x = 0; x < result.width; ++x) {
      if (source.planes > 1) {
        pool_pixel<2>(layer, source, result, row / result.height, row % result.height, x, target);
      } else {
        pool_pixel<1>(layer, source, result, row / result.height, row % result.height, x, target);
      }
    }
  }
}

}  // namespace facet::detail

#if defined(__clang__)
#pragma clang attribute pop
#endif

#else  // never called: has_amx() is false

namespace facet::detail {

void convolve(const AmxFilters&, const Bf16View&, const Bf16View*, const MapShape&,
              const AmxTarget&, int) {
}
void pool_maximum(const Layer&, const Bf16View&, const MapShape&, const AmxTarget&, int) {
}

}  // namespace facet::detail

#endif
