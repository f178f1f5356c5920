// SPDX-License-Identifier: Apache-2.0
// Views of packed photos: cut, turned, scaled and mirrored, as bytes.
//
// Inference cuts with image/turned_square.hpp, which averages exactly; the published models learnt
// from these views. tests/pack/photo_view_test.cpp bounds what the two differ by.
#pragma once

#include <cstdint>

#include "pack/pack_reader.hpp"

namespace facet::detail {

// Where a view looks: its centre in the photo, photo pixels per view pixel, rotation (radians,
// clockwise).
struct ViewGeometry {
  float centre_x = 0;
  float centre_y = 0;
  float scale = 1;
  float rotation = 0;
  bool mirrored = false;
};

// What lies beyond the photo's border: its nearest pixel, or grey.
enum class Outside { replicate, grey };

// The part of a view to be drawn, in view pixels.
struct Region {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
};

// Draws `region` of a view of side × side pixels into `out` (side × side × 3 bytes). Shrinking
// averages 2×2 samples of the nearest halving. Thread-safe.
void render_view(const PackedPhoto& photo, const ViewGeometry& geometry, int side, Outside outside,
                 const Region& region, std::uint8_t* out);
void render_view(const PackedPhoto& photo, const ViewGeometry& geometry, int side, Outside outside,
                 std::uint8_t* out);

}  // namespace facet::detail
