// SPDX-License-Identifier: Apache-2.0
#include "network/amx/map_conversion.hpp"

#include <cstdint>

#include "network/amx/bfloat16.hpp"
#include "network/amx/byte_conversion.hpp"

namespace facet::detail {

void write_photo_rows(const Image& photo, int first, int count, float mean, float scale,
                      Bf16View& map, int n) {
  const auto values = static_cast<std::size_t>(photo.width) * map.pixel();
  for (int y = 0; y < count; ++y) {
    std::uint16_t* row = map.at(n, y, 0);
    bytes_to_bf16(photo.row(first + y), values, mean, scale, row,
                  map.planes > 1 ? row + map.plane() : nullptr);
  }
}

void write_map(const float* values, Bf16Map& map) {
  const auto channels = static_cast<std::size_t>(map.shape.channels);
  for (int n = 0; n < map.shape.count; ++n) {
    for (int y = 0; y < map.shape.height; ++y) {
      for (int x = 0; x < map.shape.width; ++x, values += channels) {
        std::uint16_t* pixel = map.at(n, y, x);
        for (std::size_t c = 0; c < map.pixel(); ++c) {
          const float value = c < channels ? values[c] : 0.0F;
          pixel[c] = to_bf16(value);
          if (map.planes > 1) pixel[map.plane() + c] = to_bf16(value - from_bf16(pixel[c]));
        }
      }
    }
  }
}

void read_map(const Bf16Map& map, float* values) {
  const auto channels = static_cast<std::size_t>(map.shape.channels);
  for (int n = 0; n < map.shape.count; ++n) {
    for (int y = 0; y < map.shape.height; ++y) {
      for (int x = 0; x < map.shape.width; ++x, values += channels) {
        const std::uint16_t* pixel = map.at(n, y, x);
        for (std::size_t c = 0; c < channels; ++c) {
          values[c] = from_bf16(pixel[c]);
          if (map.planes > 1) values[c] += from_bf16(pixel[map.plane() + c]);
        }
      }
    }
  }
}

bool bytes_are_exact(float mean, float scale) {
  for (int byte = 0; byte < 256; ++byte) {
    const float value = (static_cast<float>(byte) - mean) * scale;
    if (from_bf16(to_bf16(value)) != value) return false;
  }
  return true;
}

}  // namespace facet::detail
