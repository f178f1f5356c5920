// SPDX-License-Identifier: Apache-2.0
// How much faces resemble each other, by ANet's features.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/store/face_columns.hpp"

namespace facet::detail {

// Features as an index keeps them: each divided by the largest, as int8.
struct StoredFeatures {
  std::vector<std::int8_t> values;
  float scale = 0;  // 1 / length of `values`
};
StoredFeatures stored_features(std::span<const float> features);

// Cosines of the angles to each of some faces, 0 where it is negative; `scales` has one a face.
std::vector<float> likeness(const StoredFeatures& to, std::span<const std::int8_t> features,
                            std::span<const float> scales);

}  // namespace facet::detail
