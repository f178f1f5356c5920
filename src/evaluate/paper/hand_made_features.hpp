// SPDX-License-Identifier: Apache-2.0
// Features as they were before networks learnt them: gradients and colours of a face's regions, for
// the baseline in the manner of FaceTracer (Kumar et al. 2008) and for HOG with PCA.
#pragma once

#include <vector>

#include "evaluate/paper/described_faces.hpp"

namespace facet::detail {

// Histograms of oriented gradients (Dalal and Triggs 2005) of a square photo: cells of 8 pixels,
// nine directions, each cell normalised by itself and its neighbours. cells² × 9.
std::vector<float> oriented_gradients(const Image& square);

// Histograms of hue, saturation and value of ten regions of a face: hair, forehead, eyes, cheeks,
// nose, mouth, chin, neck. `square` is cut around the face as hand_made_features() does.
std::vector<float> region_colours(const Image& square);

// Both, at the boxes given: tables "gradients" and "colours", a row a photo.
StoredTables hand_made_features(const PaperSet& set, const DescribedFaces& faces,
                                const PaperOptions& options);

}  // namespace facet::detail
