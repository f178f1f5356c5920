// SPDX-License-Identifier: Apache-2.0
// Photos whose face is not in the middle, made from ones where it is.
#pragma once

#include <string>
#include <vector>

#include "facet/box.hpp"
#include "facet/image.hpp"

namespace facet::detail {

// A photo and its listed faces, dominant first; boxes are cut at the border of the photo, and
// faces that lie outside are gone (the dominant one never is).
struct ListedPhoto {
  Image image;
  std::vector<Box> boxes;
};

// A window of whole pixels with the face at an edge or in a corner:
//   one of four edges or four corners, each as probable as the others;
//   the window's sides are 1.3 to 1.8 face heights, less where the photo ends before;
//   at a chosen edge the face's box lies between 5 % of its extent inside and 15 % outside, so that
//   at least 72 % of its area is in the window;
//   along an axis without a chosen edge the whole box is inside, at a uniformly random place.
// All choices depend on the name alone.
Box edge_window(const Box& face, int photo_width, int photo_height, const std::string& name);
// The cut along it. Throws Error(invalid_argument) where no face is listed.
ListedPhoto cut_edge_window(const ListedPhoto& photo, const std::string& name);

// How high faces are in scenes, in pixels.
struct FaceHeights {
  double least = 60;
  double most = 150;
};

// Where the whole photo goes in a scene:
//   the face becomes as high as `heights` says (log-uniform), at most 90 % of the scene's sides;
//   its box lies inside the scene, uniformly random, but its centre at least 15 % of the scene's
//   width or of its height away from the middle. What of the photo leaves the scene is cut off.
struct Placement {
  int left = 0;  // of the scaled photo, in the scene; may be negative
  int top = 0;
  int width = 0;  // of the scaled photo
  int height = 0;
};
Placement place_off_centre(const Box& face, int photo_width, int photo_height, int scene_width,
                           int scene_height, const std::string& name,
                           const FaceHeights& heights = {});
// The photo laid over the scene. Throws Error(invalid_argument) where no face is listed.
ListedPhoto place_into_scene(const ListedPhoto& photo, const Image& scene, const std::string& name,
                             const FaceHeights& heights = {});

}  // namespace facet::detail
