// SPDX-License-Identifier: Apache-2.0
// Trains a head: SVMs on one part of the photos, their cost and calibration chosen on another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/model_parts.hpp"
#include "stages/patch_features.hpp"

namespace facet::detail {

// The network's own linear outputs on the features that heads read.
struct TagPlanes {
  std::vector<float> weight;  // attributes × features, row-major
  std::vector<float> bias;    // attributes
};

// Those of a network whose last layer reads nothing but `feature_layer`, from output `first` on.
// Throws Error(bad_model) where it is not so.
TagPlanes tag_planes(const NetworkPart& network, const std::string& feature_layer,
                     std::size_t first, std::size_t attributes);

struct HeadFitSettings {
  std::vector<float> costs = {1, 10, 100, 1000};  // tried; the best average accuracy wins
  int train_patches = 6;      // of each photo, spread over the grid and the mirrored ones
  bool refit_on_all = false;  // SVMs once more on both parts, with the slopes of the first fit
  int threads = 1;
  // An SVM sees few photos without errors in its features, the network's own outputs all of them:
  // a plane is the mean of both, calibrated, the own one with this weight. Tried like costs.
  std::vector<float> tag_shares = {0};
  std::optional<TagPlanes> own;  // needed for a share > 0
};

struct HeadFit {
  Head head;
  float cost = 0;
  float tag_share = 0;
  double chosen_accuracy = 0;  // percent, on the photos that chose, before SVMs are fitted again
  double chosen_balanced = 0;
};

// `chooses[i]`: photo i chooses instead of training. Calibration: the slope is that of the photos
// that choose, which no SVM learnt from; but they are few, and of few people, so how often an
// attribute is present is taken from all photos.
HeadFit fit_head(const PatchFeatures& features, const std::vector<bool>& chooses,
                 const std::vector<std::string>& attributes, const HeadFitSettings& settings);

}  // namespace facet::detail
