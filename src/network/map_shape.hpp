// SPDX-License-Identifier: Apache-2.0
// The size of a batch of feature maps.
#pragma once

#include <cstddef>

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

}  // namespace facet::detail
