// SPDX-License-Identifier: Apache-2.0
// What the stages that run on the inference library share.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "recipe/recipe.hpp"

namespace facet::detail {

struct StageContext {
  std::filesystem::path data;   // collections: celeba, lfwa, scenes, …
  std::filesystem::path packs;  // packed photos
  std::filesystem::path out;    // a folder a stage
  std::string revision;         // of the program
  std::uint64_t seed = 1;
  int threads = 1;
  std::function<void(const std::string&)> log;  // a line for the user
};

// Each runs one stage of its kind and leaves its results in out/<stage>/.
void run_packs_stage(const Stage& stage, const StageContext& context);      // kind "packs"
void run_localiser_stage(const Stage& stage, const StageContext& context);  // kind "localiser"
void run_windows_stage(const Stage& stage, const StageContext& context);    // kind "windows"
void run_answers_stage(const Stage& stage, const StageContext& context);    // kind "answers"
void run_heads_stage(const Stage& stage, const StageContext& context);      // kind "heads"

}  // namespace facet::detail
