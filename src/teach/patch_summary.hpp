// SPDX-License-Identifier: Apache-2.0
// What training and applying linear SVMs needs of a face's patches.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace facet::detail {

struct PatchSummary {
  std::vector<float> mean;  // over all patches: a linear score of it is the mean of their scores
  std::vector<float> rows;  // the features of some patches, to train on
};

// `values` holds patches × features. The `kept` rows are spread over the grid and the mirrored
// patches; which ones depends on `turn`, so that all serve where turns go from photo to photo.
// Throws Error(invalid_argument) where the number of values is another.
PatchSummary summarise_patches(std::span<const float> values, int patches, int features, int kept,
                               std::size_t turn);

}  // namespace facet::detail
