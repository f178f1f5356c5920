// SPDX-License-Identifier: Apache-2.0
// Cross-validation of a head by photo or person, with cost and calibration chosen outside the fold
// judged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "teach/teach.hpp"

namespace facet::detail {

// A fold number a photo, the same for all photos of a person, with the classes spread as evenly as
// that allows; the same for the same labels and people. Throws Error(invalid_argument) where the
// photos outside a fold would all be of one class.
std::vector<int> stratified_folds(const TeachingSet& set, int folds);

// Which of a fold's training photos are used: one of `parts` equal parts of each class.
struct TrainingShare {
  int parts = 1;
  int part = 0;
};

struct CrossValidation {
  std::vector<float> probabilities;  // a photo, by a head that has not seen it
  float cost = 0;                    // best over all folds
  Logistic calibration;              // at that cost, over all folds
  double training_photos = 0;        // mean over the folds
};

CrossValidation cross_validate(const TeachingSet& set, const std::vector<int>& folds,
                               const TrainingShare& share, const TeachingSettings& settings);

// The calibration of scores with labels 1 and 0. An SVM whose scores say the opposite of the labels
// has learnt nothing: the share of the labels is then the answer.
Logistic rising_logistic(const std::vector<float>& scores, const std::vector<std::int8_t>& labels);

// Of one answer; finite for any probability.
double log_loss(float probability, bool present);

// The SVM of these photos.
SvmFeatures::Plane train_plane(const TeachingSet& set, const std::vector<std::size_t>& photos,
                               float cost);

}  // namespace facet::detail
