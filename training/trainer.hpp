// SPDX-License-Identifier: Apache-2.0
// The training loop: one stage of a recipe, from fresh weights, another stage or a checkpoint.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "recipe/recipe.hpp"

namespace facet::training {
using namespace detail;

struct TrainerOptions {
  std::filesystem::path data;  // packs, window lists
  std::filesystem::path out;   // a folder a stage is made here
  bool resume = false;
  std::int64_t stop_after = 0;  // steps of this call, then a checkpoint and return; 0: to the end
  int threads = 2;
  std::string device = "auto";  // auto | cpu | cuda
};

// Runs the stage and leaves in out/<stage>/:
//   network.safetensors  folded, half precision, metadata "spec": what inference reads
//   state.pt             network, output layer, optimiser, step: what --resume and later stages
//   read epochs.csv           a row an epoch settings.json        every setting in force, seed,
//   device, threads
// Every file is replaced atomically; network.safetensors appears when the stage is complete. Throws
// std::runtime_error with one line for a user.
void run_stage(const Recipe& recipe, const Stage& stage, const TrainerOptions& options);

}  // namespace facet::training
