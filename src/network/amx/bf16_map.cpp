// SPDX-License-Identifier: Apache-2.0
#include "network/amx/bf16_map.hpp"

#include <algorithm>

namespace facet::detail {
namespace {

constexpr std::size_t kValuesALine = 32;

}  // namespace

Bf16View Bf16View::rows(int first, int height, int rows_above) const {
  Bf16View part = *this;
  part.first_ += static_cast<std::size_t>(first - rows_above + above) * row();
  part.above = rows_above;
  part.shape.height = height;
  return part;
}

void Bf16Map::resize(const MapShape& new_shape, int new_border, int new_planes, std::size_t slack) {
  const bool same =
      first_ != nullptr && shape == new_shape && border == new_border && planes == new_planes;
  if (same) return;
  resize_in(values_, new_shape, new_border, new_planes, slack);
}

void Bf16Map::resize_in(AlignedBuffer& memory, const MapShape& new_shape, int new_border,
                        int new_planes, std::size_t slack) {
  shape = new_shape;
  border = new_border;
  above = border;
  stored = shape.height + 2 * border;
  planes = new_planes;
  const std::size_t inside = static_cast<std::size_t>(shape.count) * image();
  plane_ = (inside + std::max(slack, kZeros) + kValuesALine - 1) / kValuesALine * kValuesALine;
  first_ = static_cast<std::uint16_t*>(
      memory.reserve_bytes(plane_ * static_cast<std::size_t>(planes) * sizeof(std::uint16_t)));
  for (int p = 0; p < planes; ++p) {
    std::fill_n(first_ + static_cast<std::size_t>(p) * plane_ + inside, kZeros, std::uint16_t{0});
  }
  clear_border();
}

void Bf16Map::clear_border() {
  if (border == 0) return;
  const std::size_t side = static_cast<std::size_t>(border) * pixel();
  const std::size_t rows_above = static_cast<std::size_t>(border) * row();
  for (int p = 0; p < planes; ++p) {
    for (int n = 0; n < shape.count; ++n) {
      std::uint16_t* image_start = at(n, -border, -border) + static_cast<std::size_t>(p) * plane_;
      std::fill_n(image_start, rows_above, std::uint16_t{0});
      std::fill_n(image_start + image() - rows_above, rows_above, std::uint16_t{0});
      for (int y = 0; y < shape.height; ++y) {
        std::uint16_t* line = image_start + static_cast<std::size_t>(y + border) * row();
        std::fill_n(line, side, std::uint16_t{0});
        std::fill_n(line + row() - side, side, std::uint16_t{0});
      }
    }
  }
}

}  // namespace facet::detail
