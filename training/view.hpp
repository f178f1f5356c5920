// SPDX-License-Identifier: Apache-2.0
// Views: photos cut, turned, scaled and lit at random, as bytes.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "pack/pack_reader.hpp"
#include "random.hpp"

namespace facet::training {
using namespace detail;

// Where a view looks: its centre in the photo, photo pixels per view pixel, rotation (radians).
struct ViewGeometry {
  float centre_x = 0;
  float centre_y = 0;
  float scale = 1;
  float rotation = 0;
  bool mirrored = false;
};

enum class Outside { replicate, grey };

// The part of a view to be drawn, in view pixels.
struct Region {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
};

// Draws `region` of a view of side × side pixels into `out` (side × side × 3 bytes). Shrinking
// averages 2×2 samples of the nearest halving.
void render_view(const PackedPhoto& photo, const ViewGeometry& geometry, int side, Outside outside,
                 const Region& region, std::uint8_t* out);
void render_view(const PackedPhoto& photo, const ViewGeometry& geometry, int side, Outside outside,
                 std::uint8_t* out);

// Brightness, contrast and colour balance at random, now and then grey.
struct Light {
  float brightness = 0.2F;  // ± share of the range
  float contrast = 0.2F;    // ± share
  float colour = 0.06F;     // ± share a channel
  float grey = 0.05F;       // chance
};
void relight(std::uint8_t* pixels, std::size_t count, const Light& light, Random& random);

}  // namespace facet::training
