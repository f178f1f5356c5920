// SPDX-License-Identifier: Apache-2.0
#include "describe/one_pass/vector_gather.hpp"

#include <algorithm>

namespace facet::detail {
namespace {

// Bytes from which a copy takes longer than it takes to wake other threads.
constexpr std::size_t worth_dividing = 1 << 18;

}  // namespace

VectorGather::VectorGather(const std::vector<int>& sources, std::size_t vector_bytes) {
  for (const int source : sources) {
    const std::size_t from = static_cast<std::size_t>(source) * vector_bytes;
    if (!runs_.empty() && runs_.back().from + runs_.back().count == from) {
      runs_.back().count += vector_bytes;
    } else {
      runs_.push_back({from, bytes_, vector_bytes});
    }
    bytes_ += vector_bytes;
  }
}

const void* VectorGather::gather(const void* values, void* target) const {
  const auto* from = static_cast<const std::byte*>(values);
  if (runs_.size() == 1) return from + runs_.front().from;
  auto* to = static_cast<std::byte*>(target);
#pragma omp parallel for schedule(static) if (bytes_ > worth_dividing)
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    std::copy_n(from + runs_[i].from, runs_[i].count, to + runs_[i].to);
  }
  return target;
}

}  // namespace facet::detail
