// Vectors brought together from all over a map.
#pragma once

#include <cstddef>
#include <vector>

namespace facet::detail {

class VectorGather {
 public:
  // `sources` are the vectors wanted, in order.
  VectorGather(const std::vector<int>& sources, int channels);

  [[nodiscard]] std::size_t size() const { return size_; }  // floats gathered
  // The vectors one after another: in `values` itself where they lie so already, else in `target`.
  const float* gather(const float* values, float* target) const;

 private:
  // Floats that lie together in both places.
  struct Run {
    std::size_t from = 0;
    std::size_t to = 0;
    std::size_t count = 0;
  };
  std::vector<Run> runs_;
  std::size_t size_ = 0;
};

}  // namespace facet::detail
