// SPDX-License-Identifier: Apache-2.0
#include "network/amx/map_conversion.hpp"

#include <cstdint>

#include "network/amx/bfloat16.hpp"
#include "network/amx/byte_conversion.hpp"

namespace facet::detail {
namespace {

std::size_t row_values(const Bf16Map& map) {
  return static_cast<std::size_t>(map.shape.width) * map.channels();
}

}  // namespace

void write_photo(const Image& photo, float mean, float scale, Bf16Map& map, int n) {
  for (int y = 0; y < photo.height; ++y) {
    std::uint16_t* row = map.at(n, y, 0);
    bytes_to_bf16(photo.row(y), row_values(map), mean, scale, row,
                  map.planes > 1 ? row + map.plane() : nullptr);
  }
}

void write_map(const float* values, Bf16Map& map) {
  for (int n = 0; n < map.shape.count; ++n) {
    for (int y = 0; y < map.shape.height; ++y) {
      std::uint16_t* row = map.at(n, y, 0);
      for (std::size_t i = 0; i < row_values(map); ++i, ++values) {
        row[i] = to_bf16(*values);
        if (map.planes > 1) row[map.plane() + i] = to_bf16(*values - from_bf16(row[i]));
      }
    }
  }
}

void read_map(const Bf16Map& map, float* values) {
  for (int n = 0; n < map.shape.count; ++n) {
    for (int y = 0; y < map.shape.height; ++y) {
      const std::uint16_t* row = map.at(n, y, 0);
      for (std::size_t i = 0; i < row_values(map); ++i, ++values) {
        *values = from_bf16(row[i]);
        if (map.planes > 1) *values += from_bf16(row[map.plane() + i]);
      }
    }
  }
}

}  // namespace facet::detail
