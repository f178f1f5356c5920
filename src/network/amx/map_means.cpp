// SPDX-License-Identifier: Apache-2.0
#include "network/amx/map_means.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "network/depths_step.hpp"

namespace facet::detail {

void average_map(const Bf16Map& map, int n, std::span<float> means) {
  std::fill(means.begin(), means.end(), 0.0F);
  const auto width = static_cast<std::size_t>(map.shape.width);
  for (int y = 0; y < map.shape.height; ++y) {
    for (int plane = 0; plane < map.planes; ++plane) {
      const std::uint16_t* row = map.at(n, y, 0) + static_cast<std::size_t>(plane) * map.plane();
      if (map.pixel() == means.size()) {
        add_vectors(row, width, means);
        continue;
      }
      for (std::size_t x = 0; x < width; ++x) add_vectors(row + x * map.pixel(), 1, means);
    }
  }
  const float share = 1 / static_cast<float>(map.shape.height * map.shape.width);
  for (float& mean : means) mean *= share;
}

}  // namespace facet::detail
