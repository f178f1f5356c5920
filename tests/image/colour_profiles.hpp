// SPDX-License-Identifier: Apache-2.0
// ICC profiles made by Little CMS, and what it says of pixels in them.
#pragma once

#include <array>
#include <cstdint>

#include "image/photo_files.hpp"

namespace facet::detail::test {

Bytes srgb_profile();        // version 4, a formula for its curve
Bytes srgb_table_profile();  // version 2, a table of 1024 values
Bytes display_p3_profile();
Bytes adobe_rgb_profile();
Bytes grey_profile(double gamma);
// A printer's: tables of 9 steps an ink. Its black is a dark grey, its cyan far from 0,255,255.
Bytes cmyk_profile();

// One pixel in sRGB, by Little CMS in floating point. `values`: as many as the profile has.
std::array<int, 3> by_lcms(const Bytes& profile, std::span<const std::uint8_t> values);

}  // namespace facet::detail::test
