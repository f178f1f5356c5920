// SPDX-License-Identifier: Apache-2.0
// A model described for people and programs.
#pragma once

#include <nlohmann/json.hpp>

#include "model/model_parts.hpp"

namespace facet::detail {

nlohmann::json describe_model(const ModelParts& parts);

}  // namespace facet::detail
