// SPDX-License-Identifier: Apache-2.0
// Settings and heads as JSON, every number checked against the range in which it makes sense.
#pragma once

#include <nlohmann/json.hpp>

#include "model/model_parts.hpp"

namespace facet::detail {

nlohmann::json localiser_to_json(const LocaliserSettings& settings);
LocaliserSettings localiser_from_json(const nlohmann::json& object);

nlohmann::json alignment_to_json(const AlignmentSettings& settings);
AlignmentSettings alignment_from_json(const nlohmann::json& object);

nlohmann::json patches_to_json(const PatchSettings& settings);
PatchSettings patches_from_json(const nlohmann::json& object);

// All of a head but its weight, which is a tensor.
nlohmann::json head_to_json(const Head& head);
Head head_from_json(const std::string& name, const nlohmann::json& object);

}  // namespace facet::detail
