// SPDX-License-Identifier: Apache-2.0
// Where a face may be, as LNet sees it and as the caller gets it.
#pragma once

#include "facet/box.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

// A square window as LNet sees it, before the four numbers; side = face height.
struct Window {
  float centre_x = 0;
  float centre_y = 0;
  float side = 0;
  float evidence_o = 0;  // LNet_o's, at its peak
  float evidence_s = 0;  // LNet_s's, 0 where it did not look
  float score = 0;       // what thresholds and ranks use
};

// The box of a window, clipped to the photo.
Box window_to_box(const Window& window, const LocaliserSettings& settings, int photo_width,
                  int photo_height);

// A face found, in photo pixels, inside the photo.
struct ScoredBox {
  Box box;
  float score = 0;
  int turn = 0;         // see Face::turn
  bool let_in = false;  // no face but for a request of at least one
};

}  // namespace facet::detail
