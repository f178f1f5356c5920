// SPDX-License-Identifier: Apache-2.0
// Draws boxes and attributes over a photo.
#pragma once

#include "facet/api.hpp"
#include "facet/image.hpp"
#include "facet/prediction.hpp"

namespace facet {

// A copy of the photo with each face's box, and beside it the names of the attributes that hold
// (the most probable first, as many as fit). Readable from 100-pixel photos to 20 megapixels:
// small photos are enlarged so that the text fits. Throws Error(unsupported) where the plugin
// libfacet_drawing.so is neither beside the library that facet is in (or the program) nor in
// lib/facet, and FACET_DRAWING_PLUGIN names no other.
FACET_API Image annotate(const Image& photo, const PhotoResult& result);

}  // namespace facet
