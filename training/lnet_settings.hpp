// SPDX-License-Identifier: Apache-2.0
// What LNet's samples are made of, and how they look.
#pragma once

namespace facet::training {

// Chances that a view is made hard, whether it shows a face or not.
struct Hardships {
  float light = 0;          // see change_light()
  float rendering = 0;      // see change_rendering()
  float hidden = 0;         // a part of the face is covered
  float close_up = 0;       // the photo ends within the face, or just around it
  float tilted = 0;         // faces: turned by anything up to `tilt`
  float tilt = 0.87F;       // radians
  float quarter_turns = 0;  // backgrounds: turned by 90, 180 or 270°, as further looks see them
  float far = 0;  // backgrounds: seen whole and small, as a face as large as they are would be
};

struct LnetMix {               // shares of the samples; they need not sum to 1
  float placed = 0.6F;         // aligned photos in scenes
  float placed_scene = 0.12F;  // scenes in scenes: a pasted border is no face
  float scene = 0.28F;         // empty scenes
  float window = 0;            // frames around the strongest window
  float away = 0;              // frames away from every strong window, or at a very different scale
  float alarm = 0;             // scenes around LNet's own false alarms
  float off_size = 0;  // frames around the strongest window at a clearly wrong size: no face
                       // of LNet's size, so that the evidence peaks at the right one
};

struct LnetSettings {
  int side = 128;
  float face_height = 40;       // pixels in the view
  float size_ratio = 1.19F;     // placed faces: height × or ÷ up to this
  float window_ratio = 1.12F;   // windows: the same around the size found
  float place_share = 0.9F;     // placed faces: centre anywhere in this share of the view
  float window_share = 0.6F;    // windows: the same
  float strong_share = 0.3F;    // windows above this share of the strongest are kept clear of
  float off_size_ratio = 1.6F;  // a size this many times too small or too large is clearly wrong
  float off_size_evidence = 3;  // … around windows of at least this evidence
  int targets = 80;
  int epoch = 20000;
  int tags_used = 40;  // tags used of each collection (rows of comparison)
  LnetMix mix;
  Hardships hardships;
};

}  // namespace facet::training
