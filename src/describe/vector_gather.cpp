#include "describe/vector_gather.hpp"

#include <algorithm>

namespace facet::detail {
namespace {

// Floats from which a copy takes longer than it takes to wake other threads.
constexpr std::size_t worth_dividing = 1 << 16;

}  // namespace

VectorGather::VectorGather(const std::vector<int>& sources, int channels) {
  const auto values = static_cast<std::size_t>(channels);
  for (const int source : sources) {
    const std::size_t from = static_cast<std::size_t>(source) * values;
    if (!runs_.empty() && runs_.back().from + runs_.back().count == from) {
      runs_.back().count += values;
    } else {
      runs_.push_back({from, size_, values});
    }
    size_ += values;
  }
}

const float* VectorGather::gather(const float* values, float* target) const {
  if (runs_.size() == 1) return values + runs_.front().from;
#pragma omp parallel for schedule(static) if (size_ > worth_dividing)
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    std::copy_n(values + runs_[i].from, runs_[i].count, target + runs_[i].to);
  }
  return target;
}

}  // namespace facet::detail
