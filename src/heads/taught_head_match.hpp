// SPDX-License-Identifier: Apache-2.0
// Whether a taught head and a model belong together, and the head in the form of the bundled ones.
#pragma once

#include <string>

#include "facet/taught_head.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

// What a head depends on: ANet's layers and weights, and how patches are cut for it. SHA-256 in
// hex. Takes a moment. Throws Error(bad_model) where the model has no ANet.
std::string describer_checksum(const ModelParts& parts);

// `check_fit` with the model's checksum at hand.
void check_fit(const TaughtHead& head, const ModelParts& parts, const std::string& checksum);

Head to_head(const TaughtHead& extra);

}  // namespace facet::detail
