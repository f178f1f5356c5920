// SPDX-License-Identifier: Apache-2.0
// ANet with all that makes its features answers, as an ONNX model: a face's square in,
// probabilities out.
#pragma once

#include <map>
#include <span>
#include <string>

#include "model/model_parts.hpp"

namespace facet::detail {

inline constexpr const char* onnx_features_name = "features";

struct DescriberRequest {
  int batch = 0;  // 0: any
  std::map<std::string, std::string> metadata;
};

// The bytes of a model file. Its input, "input", is a batch N×3×S×S of the squares around faces as
// cut_square() gives them for `patches`: RGB, 0…255, S being region_side. The graph cuts the
// patches, mirrors them where the model does, runs ANet and takes the mean of their features. Its
// outputs: for each head, under the head's name, the probabilities N×attributes of calibrate(); and
// "features", N×F, what the first head reads (without heads: ANet's last layer), as
// Predictor::features gives it. Throws Error as network_to_onnx does, and unsupported where two
// values would have one name.
std::string describer_to_onnx(const NetworkPart& anet, const PatchSettings& patches,
                              std::span<const Head> heads, const DescriberRequest& request);

}  // namespace facet::detail
