// SPDX-License-Identifier: Apache-2.0
// A batch of feature maps as the AMX kernels read them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "network/aligned_buffer.hpp"
#include "network/map_shape.hpp"

namespace facet::detail {

// Values from a pixel to the next. Channels of layers are filled up with zeros to whole tiles, so
// that a pixel seldom begins in the middle of a cache line; the few of a photo are not.
constexpr int pixel_step(int channels) {
  constexpr int few = 8;
  constexpr int tile = 16;
  return channels < few ? channels : (channels + tile - 1) / tile * tile;
}

// Values of bfloat16, NHWC, with columns of zeros on either side of each image and rows above it
// that may be read: what a padded convolution needs. With two planes a value is the sum of what
// both hold at its place. Owns nothing.
struct Bf16View {
  MapShape shape;
  int border = 0;  // columns
  int above = 0;   // rows
  int stored = 0;  // rows from image to image
  int planes = 1;

  // Values from a pixel to the next, from a row to the next, from an image to the next, from a
  // plane to the next.
  [[nodiscard]] std::size_t pixel() const {
    return static_cast<std::size_t>(pixel_step(shape.channels));
  }
  [[nodiscard]] std::size_t row() const {
    return static_cast<std::size_t>(shape.width + 2 * border) * pixel();
  }
  [[nodiscard]] std::size_t image() const { return static_cast<std::size_t>(stored) * row(); }
  [[nodiscard]] std::size_t plane() const { return plane_; }
  // Pixel (x, y) of image n in the first plane; coordinates from -border and -above on.
  [[nodiscard]] std::uint16_t* at(int n, int y, int x) {
    return first_ + static_cast<std::size_t>(n) * image() +
           static_cast<std::size_t>(y + above) * row() +
           static_cast<std::size_t>(x + border) * pixel();
  }
  [[nodiscard]] const std::uint16_t* at(int n, int y, int x) const {
    return const_cast<Bf16View*>(this)->at(n, y, x);
  }
  // `height` rows from `first` on, which may be above; `rows_above` of those before may be read.
  [[nodiscard]] Bf16View rows(int first, int height, int rows_above) const;

 protected:
  std::size_t plane_ = 0;
  std::uint16_t* first_ = nullptr;
};

// One that owns its values and has as many rows of zeros above and below as columns at the sides.
struct Bf16Map : Bf16View {
  Bf16Map() = default;
  Bf16Map(Bf16Map&&) = default;

  // What was in the map is lost; its border, and what fills up channels, is zero. Behind each plane
  // follow `slack` values that may be read, the first kZeros of them zero.
  void resize(const MapShape& new_shape, int new_border, int new_planes, std::size_t slack);

  // The same in memory that maps share, one after the other.
  void resize_in(AlignedBuffer& memory, const MapShape& new_shape, int new_border, int new_planes,
                 std::size_t slack);

  void clear_border();

  static constexpr std::size_t kZeros = 32;

 private:
  AlignedBuffer values_;
};

}  // namespace facet::detail
