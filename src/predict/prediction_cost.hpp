// SPDX-License-Identifier: Apache-2.0
// Multiply-adds of a whole prediction, as the model's settings have it.
#pragma once

#include <cstdint>

#include "model/model_parts.hpp"

namespace facet::detail {

struct PredictionCost {
  std::int64_t lnet_o = 0;   // all scales of the pyramid
  std::int64_t lnet_s = 0;   // one window at each of its sizes
  std::int64_t aligner = 0;  // of one face
  std::int64_t anet = 0;     // of one face: all patches, mirrored ones too

  [[nodiscard]] std::int64_t total() const { return lnet_o + lnet_s + aligner + anet; }
};

// For a square photo with one face that LNet_o proposes once. Parts a model lacks cost nothing.
PredictionCost prediction_cost(const ModelParts& parts, int photo_side);

}  // namespace facet::detail
