// SPDX-License-Identifier: Apache-2.0
#include "network/amx/map_conversion.hpp"

#include <array>
#include <cstdint>

#include "network/amx/bfloat16.hpp"

namespace facet::detail {
namespace {

// The halves of what every byte of a photo becomes.
struct ByteTable {
  ByteTable(float mean, float scale) {
    for (std::size_t byte = 0; byte < high.size(); ++byte) {
      const float value = (static_cast<float>(byte) - mean) * scale;
      high[byte] = to_bf16(value);
      low[byte] = to_bf16(value - from_bf16(high[byte]));
    }
  }
  std::array<std::uint16_t, 256> high;
  std::array<std::uint16_t, 256> low;
};

void look_up(const std::uint8_t* bytes, std::size_t count,
             const std::array<std::uint16_t, 256>& table, std::uint16_t* values) {
  for (std::size_t i = 0; i < count; ++i) values[i] = table[bytes[i]];
}

std::size_t row_values(const Bf16Map& map) {
  return static_cast<std::size_t>(map.shape.width) * map.channels();
}

}  // namespace

void write_photo(const Image& photo, float mean, float scale, Bf16Map& map, int n) {
  const ByteTable table(mean, scale);
  for (int y = 0; y < photo.height; ++y) {
    std::uint16_t* row = map.at(n, y, 0);
    look_up(photo.row(y), row_values(map), table.high, row);
    if (map.planes > 1) look_up(photo.row(y), row_values(map), table.low, row + map.plane());
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
