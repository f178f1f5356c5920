// SPDX-License-Identifier: Apache-2.0
// Memory that grows but never shrinks.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace facet::detail {

// Floats at the start of a cache line, where vector loads are fastest.
class AlignedBuffer {
 public:
  void* reserve_bytes(std::size_t bytes) { return reserve((bytes + 3) / sizeof(float)); }
  // At least `count` floats; what they held is lost where the buffer has to grow.
  float* reserve(std::size_t count) {
    const std::size_t lines = (count + floats_a_line - 1) / floats_a_line;
    if (lines_.size() < lines) {
      lines_.clear();
      lines_.resize(lines);
    }
    return lines_.empty() ? nullptr : lines_.front().values.data();
  }

 private:
  static constexpr std::size_t floats_a_line = 16;
  struct alignas(64) Line {
    std::array<float, floats_a_line> values;
  };
  std::vector<Line> lines_;
};

}  // namespace facet::detail
