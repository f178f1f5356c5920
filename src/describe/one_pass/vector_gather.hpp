// SPDX-License-Identifier: Apache-2.0
// Vectors brought together from all over a map.
#pragma once

#include <cstddef>
#include <vector>

namespace facet::detail {

class VectorGather {
 public:
  // `sources` are the vectors wanted, in order, each of so many bytes.
  VectorGather(const std::vector<int>& sources, std::size_t vector_bytes);

  [[nodiscard]] std::size_t bytes() const { return bytes_; }  // gathered
  // The vectors one after another: in `values` itself where they lie so already, else in `target`.
  const void* gather(const void* values, void* target) const;

 private:
  // Bytes that lie together in both places.
  struct Run {
    std::size_t from = 0;
    std::size_t to = 0;
    std::size_t count = 0;
  };
  std::vector<Run> runs_;
  std::size_t bytes_ = 0;
};

}  // namespace facet::detail
