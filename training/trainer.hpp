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
  std::filesystem::path data;         // packs, window lists
  std::filesystem::path collections;  // what packs were made from; teachers lie there
  std::filesystem::path out;          // a folder a stage is made here
  bool resume = false;
  std::int64_t stop_after = 0;  // steps of this call, then a checkpoint and return; 0: to the end
  int threads = 2;
  std::string device = "auto";  // auto | cpu | cuda
};

// Runs the stage and leaves in out/<stage>/:
//   network.safetensors  folded, half precision, metadata "spec": what inference reads
//   state.pt             the checkpoint: what --resume and later stages read
//   epochs.csv           a row an epoch
//   settings.json        every setting in force, seed, files read, device, threads
// Every file is replaced atomically; network.safetensors appears when the stage is complete, and
// the one of an earlier run goes with the first checkpoint of this one. With `resume` the stage
// goes on from its checkpoint, if there is one, which must have been made with the same settings
// and files. Throws Error with one line for a user.
void run_stage(const Recipe& recipe, const Stage& stage, const TrainerOptions& options);

}  // namespace facet::training
