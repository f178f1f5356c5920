// SPDX-License-Identifier: Apache-2.0
// A photo laid into a view that shows another one.
#pragma once

#include <cstdint>

#include "augment/random.hpp"
#include "pack/pack_reader.hpp"
#include "view.hpp"

namespace facet::training {
using namespace detail;

// Cut at random near its borders, with edges more or less soft, in other light. `view`: side² RGB.
void paste_photo(const PackedPhoto& photo, const ViewGeometry& geometry, int side, Random& random,
                 std::uint8_t* view);

}  // namespace facet::training
