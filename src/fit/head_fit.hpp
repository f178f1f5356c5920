// Trains a head: SVMs on one part of the photos, their cost and calibration chosen on another.
#pragma once

#include <string>
#include <vector>

#include "fit/patch_features.hpp"
#include "model/model_parts.hpp"

namespace facet {

struct HeadFitSettings {
  std::vector<float> costs = {1, 10, 100, 1000};  // tried; the best average accuracy wins
  int train_patches = 6;      // of each photo, spread over the grid and the mirrored ones
  bool refit_on_all = false;  // SVMs once more on both parts, with the calibration of the first fit
  int threads = 1;
};

struct HeadFit {
  detail::Head head;
  float cost = 0;
  double chosen_accuracy = 0;  // percent, on the photos that chose
  double chosen_balanced = 0;
};

// `chooses[i]`: photo i chooses instead of training.
HeadFit fit_head(const PatchFeatures& features, const std::vector<bool>& chooses,
                 const std::vector<std::string>& attributes, const HeadFitSettings& settings);

}  // namespace facet
