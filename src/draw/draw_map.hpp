// SPDX-License-Identifier: Apache-2.0
// A map over the photo it was computed from.
#pragma once

#include "facet/image.hpp"
#include "image/heat_map.hpp"

namespace facet::detail {

// The photo, darkened and grey, under the map's heat: values up to `low` leave it clear, from
// `high` on the colour is hottest.
Image draw_map(const Image& photo, const HeatMap& map, float low, float high);

}  // namespace facet::detail
