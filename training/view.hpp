// SPDX-License-Identifier: Apache-2.0
// Views of photos (pack/photo_view.hpp), lit at random.
#pragma once

#include <cstddef>
#include <cstdint>

#include "augment/random.hpp"
#include "pack/photo_view.hpp"

namespace facet::training {
using namespace detail;

// Brightness, contrast and colour balance at random, now and then grey.
struct Light {
  float brightness = 0.2F;  // ± share of the range
  float contrast = 0.2F;    // ± share
  float colour = 0.06F;     // ± share a channel
  float grey = 0.05F;       // chance
};
void relight(std::uint8_t* pixels, std::size_t count, const Light& light, Random& random);

}  // namespace facet::training
