// SPDX-License-Identifier: Apache-2.0
// Stages of kind teacher: linear heads on what a network that has seen massive identities sees in
// our photos, and what ANet of an earlier stage sees; their answers are distillation targets.
#pragma once

#include "recipe/recipe.hpp"
#include "trainer.hpp"

namespace facet::training {
using namespace detail;

// Leaves in out/<stage>/:
//   PACK.HEAD.csv   a row a photo: the probabilities that a stage of kind anet learns from
//   PACK.features.safetensors  where the stage keeps features for a stage of kind imitation
//   heads.csv       how often each head is right on the people who choose
//   settings.json   every setting in force, seed, files read
// Needs faceres/faceres.json and .bin (scripts/take_faceres). With `resume`, features of packs
// that an interrupted run has described are used again. Throws Error with one line for a user.
void run_teacher_stage(const Recipe& recipe, const Stage& stage, const TrainerOptions& options);

}  // namespace facet::training
