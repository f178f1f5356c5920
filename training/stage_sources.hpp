// SPDX-License-Identifier: Apache-2.0
// Builds the sample sources that a stage's table in the recipe describes.
#pragma once

#include <memory>

#include "recipe/recipe.hpp"
#include "sample_source.hpp"
#include "stage_files.hpp"

namespace facet::training {
using namespace detail;

struct StageSources {
  std::unique_ptr<SampleSource> training;
  std::unique_ptr<SampleSource> validation;  // may be absent; views without chance
};

// Throws Error for settings or files that do not serve.
StageSources make_sources(const Stage& stage, TableReader& reader, std::uint64_t seed,
                          StageFiles& files);

}  // namespace facet::training
