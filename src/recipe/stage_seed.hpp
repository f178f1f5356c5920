// SPDX-License-Identifier: Apache-2.0
// The seed of a stage: every stage draws random numbers of its own, the same on every machine.
#pragma once

#include <cstdint>
#include <string_view>

namespace facet::detail {

std::uint64_t stage_seed(std::uint64_t recipe_seed, std::string_view stage);

}  // namespace facet::detail
