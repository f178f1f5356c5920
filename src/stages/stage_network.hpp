// SPDX-License-Identifier: Apache-2.0
// Networks as the training companion left them.
#pragma once

#include <filesystem>

#include "model/model_parts.hpp"
#include "stages/stage_context.hpp"

namespace facet::detail {

// Reads out/<stage>/network.safetensors. Throws Error(not_found, bad_model).
NetworkPart read_stage_network(const std::filesystem::path& out, const std::string& stage);

// Reads a stage's settings `aligner` (a stage's name) and `looks`; adds that network to the model,
// with the view that it was trained on. Without `aligner` the model stays as it is.
void add_stage_aligner(LoadedModel& model, const StageContext& context, TableReader& reader);

}  // namespace facet::detail
