// Networks as the training companion left them.
#pragma once

#include <filesystem>

#include "model/model_parts.hpp"

namespace facet {

// Reads out/<stage>/network.safetensors. Throws Error(not_found, bad_model).
detail::NetworkPart read_stage_network(const std::filesystem::path& out, const std::string& stage);

}  // namespace facet
