// SPDX-License-Identifier: Apache-2.0
// Places and scales where tag evidence peaks, and the windows they stand for.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "localise/scale_map.hpp"
#include "localise/window.hpp"

namespace facet::detail {

// A cell of one map.
struct Peak {
  std::size_t level = 0;
  int x = 0;
  int y = 0;
  float evidence = 0;
};

// Cells with more evidence than `threshold` that no cell around them exceeds: 3×3 cells of their
// own map and of both neighbouring scales. Of equal neighbours the first counts. Maps are in the
// order of the pyramid. Strongest first.
std::vector<Peak> find_peaks(std::span<const ScaleMap> maps, float threshold);

// The cell with most evidence anywhere; of equals that of the largest window, then the one nearest
// to the photo's centre. Nothing only where there are no maps.
std::optional<Peak> strongest_cell(std::span<const ScaleMap> maps, int photo_width,
                                   int photo_height);

// The window of a peak: place and size refined by parabolas through the neighbouring cells and
// scales, its centre kept inside the photo.
Window window_of_peak(std::span<const ScaleMap> maps, const Peak& peak, float face_height,
                      int photo_width, int photo_height);

// Evidence at a place of the photo, bilinear between cells.
float evidence_at(const ScaleMap& map, float x, float y);

}  // namespace facet::detail
