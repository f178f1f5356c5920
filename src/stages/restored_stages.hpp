// SPDX-License-Identifier: Apache-2.0
// Goes on from a published model where the run that made it is gone.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "recipe/recipe.hpp"

namespace facet::detail {

// Writes into `out` what the stages of the recipe left that made the model at `path`, as far as the
// model holds it: networks (as stored for inference, without their checkpoints), the localiser, the
// model itself. Results that are there already stay. Yields the names of the stages written. Throws
// Error: what reading the model throws; invalid_argument where the model comes from neither the
// recipe nor one that it goes on from; io.
std::vector<std::string> restore_stages(const Recipe& recipe, const std::filesystem::path& path,
                                        const std::filesystem::path& out);

}  // namespace facet::detail
