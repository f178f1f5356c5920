// SPDX-License-Identifier: Apache-2.0
// A stage's state between steps, on disk: network, output layer, optimiser, step, and the settings
// that it is trained with.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "learner.hpp"

namespace facet::training {

// Replaces the file atomically. Throws Error(io).
void save_checkpoint(const std::filesystem::path& path, const Learner& learner,
                     const torch::optim::SGD& optimiser, std::int64_t step,
                     const nlohmann::json& settings);

// Opens a checkpoint; throws Error(unreadable) where the file is none.
torch::serialize::InputArchive open_checkpoint(const std::filesystem::path& path);

// Throws Error(unsupported) where the checkpoint has none: earlier versions wrote none.
nlohmann::json checkpoint_settings(torch::serialize::InputArchive& archive,
                                   const std::filesystem::path& path);

// Yields the step. The learner must be the one that was saved.
std::int64_t load_checkpoint(torch::serialize::InputArchive& archive, Learner& learner,
                             torch::optim::SGD& optimiser);

// The weights of another stage's network, as far as layers have the same name and shape; yields how
// many tensors were taken.
int load_network(torch::serialize::InputArchive& archive, Learner& learner);

}  // namespace facet::training
