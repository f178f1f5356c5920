// SPDX-License-Identifier: Apache-2.0
// A batch of feature maps as the AMX kernels read them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "network/aligned_buffer.hpp"
#include "network/map_shape.hpp"

namespace facet::detail {

// bfloat16, NHWC, each image with a border of zeros: what a padded convolution reads. With two
// planes a value is the sum of what both hold at its place.
struct Bf16Map {
  Bf16Map() = default;
  Bf16Map(Bf16Map&&) = default;

  MapShape shape;
  int border = 0;
  int planes = 1;

  // What was in the map is lost; its border is zero. Behind each plane follow `slack` values that
  // may be read, the first kZeros of them zero.
  void resize(const MapShape& new_shape, int new_border, int new_planes, std::size_t slack);

  [[nodiscard]] std::size_t channels() const { return static_cast<std::size_t>(shape.channels); }
  // Values from a row to the next, from an image to the next, from a plane to the next.
  [[nodiscard]] std::size_t row() const {
    return static_cast<std::size_t>(shape.width + 2 * border) * channels();
  }
  [[nodiscard]] std::size_t image() const {
    return static_cast<std::size_t>(shape.height + 2 * border) * row();
  }
  [[nodiscard]] std::size_t plane() const { return plane_; }
  // Pixel (x, y) of image n in the first plane; coordinates from -border on.
  [[nodiscard]] std::uint16_t* at(int n, int y, int x) {
    return first_ + static_cast<std::size_t>(n) * image() +
           static_cast<std::size_t>(y + border) * row() +
           static_cast<std::size_t>(x + border) * channels();
  }
  [[nodiscard]] const std::uint16_t* at(int n, int y, int x) const {
    return const_cast<Bf16Map*>(this)->at(n, y, x);
  }

  static constexpr std::size_t kZeros = 32;

 private:
  void clear_border();

  std::size_t plane_ = 0;
  std::uint16_t* first_ = nullptr;
  AlignedBuffer values_;
};

}  // namespace facet::detail
