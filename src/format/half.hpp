// SPDX-License-Identifier: Apache-2.0
// Whole tensors between fp32 and stored half precision.
#pragma once

#include <cstddef>
#include <span>

namespace facet::detail {

// `stored` holds floats.size() little-endian halves.
void halves_to_floats(std::span<const std::byte> stored, std::span<float> floats);
// False where a half is infinite or no number.
bool halves_are_finite(std::span<const std::byte> stored);
void floats_to_halves(std::span<const float> floats, std::span<std::byte> stored);

}  // namespace facet::detail
