// SPDX-License-Identifier: Apache-2.0
// The scales at which LNet_o looks at a photo.
#pragma once

#include <vector>

#include "facet/box.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

// The photo at one scale, laid into a canvas whose sides are multiples of the network's stride and
// at least kMinCanvas; what the photo does not cover repeats its border.
struct Level {
  float scale = 1;  // network pixels per photo pixel
  int width = 0;    // of the canvas, network pixels
  int height = 0;
  int left = 0;  // of the photo in the canvas, network pixels
  int top = 0;

  // Part of the canvas in photo coordinates.
  [[nodiscard]] Box photo_window(int x, int y, int part_width, int part_height) const {
    return {static_cast<float>(x - left) / scale, static_cast<float>(y - top) / scale,
            static_cast<float>(part_width) / scale, static_cast<float>(part_height) / scale};
  }
};

constexpr int kMinCanvas = 24;          // smaller maps have no neighbourhood to find a peak in
constexpr float kMaxFaceShare = 1.15F;  // largest face looked for, in long sides of the photo

// One level a face size: min_face, then each pyramid_factor larger. Empty where the photo cannot
// hold a face of that size, unless `at_least_one`: then the size falls to the photo's long side.
std::vector<Level> pyramid_levels(int photo_width, int photo_height, float min_face,
                                  const LocaliserSettings& settings, int stride, bool at_least_one);

}  // namespace facet::detail
