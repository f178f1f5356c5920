// SPDX-License-Identifier: Apache-2.0
#include "network/weight_values.hpp"

#include <algorithm>

#include "format/half.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kBytesAHalf = 2;

}  // namespace

std::size_t WeightValues::size() const {
  return widened_ ? halves_.bytes.size() / kBytesAHalf : floats_.size();
}

const std::vector<float>& WeightValues::floats() const {
  if (widened_) {
    std::call_once(*widened_, [this] {
      floats_.resize(size());
      halves_to_floats(halves_.bytes, floats_);
    });
  }
  return floats_;
}

void WeightValues::read(std::size_t first, std::span<float> values) const {
  if (widened_) {
    halves_to_floats(halves_.bytes.subspan(first * kBytesAHalf, values.size() * kBytesAHalf),
                     values);
  } else {
    std::copy_n(floats_.begin() + static_cast<std::ptrdiff_t>(first), values.size(),
                values.begin());
  }
}

}  // namespace facet::detail
