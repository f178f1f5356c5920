// SPDX-License-Identifier: Apache-2.0
// What ANet sees of a face: written once in a recipe, in the stage that trains ANet; the stage that
// makes the model reads it there.
#pragma once

#include "recipe/table_reader.hpp"

namespace facet::detail {

// A square region around the face's box, resized to region_side²; patches of patch_side² are cut
// from it.
struct FaceCrop {
  float region_scale = 1.45F;  // side of the region in box heights
  float centre_y = -0.08F;     // shift of the region's centre, in box heights
  int region_side = 104;       // pixels
  int patch_side = 88;
};

// Throws Error(invalid_argument).
inline FaceCrop read_face_crop(TableReader& reader) {
  FaceCrop crop;
  crop.region_scale = reader.get("region_scale", crop.region_scale);
  crop.centre_y = reader.get("centre_y", crop.centre_y);
  crop.region_side = reader.get("region_side", crop.region_side);
  crop.patch_side = reader.get("patch_side", crop.patch_side);
  return crop;
}

// What the aligner sees of a face: the same, in the stage that trains the aligner.
struct AlignerView {
  int side = 64;         // pixels
  float context = 1.2F;  // side of the view in face heights
};

inline AlignerView read_aligner_view(TableReader& reader) {
  AlignerView view;
  view.side = reader.get("side", view.side);
  view.context = reader.get("context", view.context);
  return view;
}

}  // namespace facet::detail
