// SPDX-License-Identifier: Apache-2.0
// How photos look that nobody took with care: too dark, hazy, in coloured light, against the light,
// blurred, drawn or printed in dots.
#pragma once

#include <cstdint>

#include "augment/random.hpp"

namespace facet::detail {

// Each changes a view of side × side × 3 bytes in place, as strongly as chance says.

// One kind of light: under- or overexposure, low contrast, haze, coloured light, under water, light
// from one side, light from behind, another gamma.
void change_light(std::uint8_t* view, int side, Random& random);

// One kind of rendering: a pencil drawing, dots of ink (ordered or by error diffusion), few levels,
// a blur, noise. Dots and strokes are finer than the view's pixels, as in a photo looked at from
// afar.
void change_rendering(std::uint8_t* view, int side, Random& random);

}  // namespace facet::detail
