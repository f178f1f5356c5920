// SPDX-License-Identifier: Apache-2.0
// The size of a batch of feature maps.
#pragma once

#include <cstddef>
#include <string>

namespace facet::detail {

struct MapShape {
  int count = 0;
  int height = 0;
  int width = 0;
  int channels = 0;

  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(count) * static_cast<std::size_t>(height) *
           static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
  }
  bool operator==(const MapShape&) const = default;
};

// "count x height x width x channels", for messages.
inline std::string shape_text(const MapShape& shape) {
  return std::to_string(shape.count) + "x" + std::to_string(shape.height) + "x" +
         std::to_string(shape.width) + "x" + std::to_string(shape.channels);
}

}  // namespace facet::detail
