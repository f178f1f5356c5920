// SPDX-License-Identifier: Apache-2.0
// What the stages that run on the inference library share.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "recipe/recipe.hpp"

namespace facet::detail {

struct StageContext {
  const Recipe* recipe = nullptr;  // whose stages run; outlives the context
  std::filesystem::path data;      // collections: celeba, lfwa, scenes, …
  std::filesystem::path packs;     // packed photos
  std::filesystem::path out;       // a folder a stage
  std::string revision;            // of the program
  std::uint64_t seed = 1;
  int threads = 1;
  std::function<void(const std::string&)> log;  // a line for the user
};

// Where a stage writes that result, in out/<stage>/, which is made. What an earlier run left there
// is removed at once: results are whole, or not there, whatever interrupts the stage.
std::filesystem::path new_result(const StageContext& context, const Stage& stage,
                                 const std::string& file);

// Each runs a stage of one kind and leaves its results in out/<stage>/.
void run_packs_stage(const Stage& stage, const StageContext& context);
void run_localiser_stage(const Stage& stage, const StageContext& context);
void run_find_faces_stage(const Stage& stage, const StageContext& context);
void run_distillation_targets_stage(const Stage& stage, const StageContext& context);
void run_heads_stage(const Stage& stage, const StageContext& context);
void run_face_check_stage(const Stage& stage, const StageContext& context);

// The one of the stage's kind; throws Error(invalid_argument) for kinds that the training companion
// runs.
void run_inference_stage(const Stage& stage, const StageContext& context);

}  // namespace facet::detail
