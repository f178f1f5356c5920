// SPDX-License-Identifier: Apache-2.0
// Draws boxes and attributes over a photo.
#pragma once

#include <string>
#include <vector>

#include "facet/image.hpp"
#include "facet/prediction.hpp"

namespace facet {

// A copy of the photo with each face's box, and beside it the names of the attributes that hold
// (the most probable first, as many as fit). Readable from 100-pixel photos to 20 megapixels:
// small photos are enlarged so that the text fits. Throws Error(unsupported) where the module
// libfacet_drawing.so is neither beside the program (or the library that facet is part of) nor in
// lib/facet, and FACET_DRAWING_MODULE names no other.
Image annotate(const Image& photo, const PhotoResult& result,
               const std::vector<std::string>& attribute_names);

}  // namespace facet
