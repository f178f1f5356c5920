// SPDX-License-Identifier: Apache-2.0
// What a stage is trained with: written beside its results, kept in its checkpoints.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace facet::training {

// For --resume: throws Error(invalid_argument), beginning with `where`, if a checkpoint made with
// the settings `before` must not go on with `now`; names the first that differs and both values.
// Compared is what training depends on: recipe_seed, stage, network, steps and inputs (the files
// read); not how often checkpoints are written, nor the device, the threads or the program.
void check_same_settings(const nlohmann::json& before, const nlohmann::json& now,
                         const std::string& where);

}  // namespace facet::training
