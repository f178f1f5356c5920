// SPDX-License-Identifier: Apache-2.0
#include "index/search/likeness.hpp"

#include <algorithm>
#include <cmath>

#include "base/widest_registers.hpp"

namespace facet::detail {
namespace {

FACET_WIDEST std::int32_t product(const std::int8_t* a, const std::int8_t* b, std::size_t count) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += static_cast<std::int16_t>(a[i]) * static_cast<std::int16_t>(b[i]);
  }
  return sum;
}

}  // namespace

StoredFeatures stored_features(std::span<const float> features) {
  constexpr float largest_value = 127;
  float largest = 0;
  for (const float value : features) largest = std::max(largest, std::abs(value));
  StoredFeatures stored;
  double squares = 0;
  for (const float value : features) {
    const auto byte = largest > 0
                          ? static_cast<std::int8_t>(std::lround(value / largest * largest_value))
                          : std::int8_t{0};
    stored.values.push_back(byte);
    squares += static_cast<double>(byte) * byte;
  }
  stored.scale = squares > 0 ? static_cast<float>(1 / std::sqrt(squares)) : 0;
  return stored;
}

std::vector<float> likeness(const StoredFeatures& to, std::span<const std::int8_t> features,
                            std::span<const float> scales) {
  std::vector<float> cosines(scales.size(), 0);
  const std::size_t count = to.values.size();
  if (features.size() != count * scales.size()) return cosines;
  for (std::size_t i = 0; i < scales.size(); ++i) {
    const std::int32_t dot = product(to.values.data(), features.data() + i * count, count);
    cosines[i] = std::clamp(static_cast<float>(dot) * to.scale * scales[i], 0.0F, 1.0F);
  }
  return cosines;
}

}  // namespace facet::detail
