// SPDX-License-Identifier: Apache-2.0
// Teaches a head for one new attribute on frozen features, and says how good it is.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "teach/calibration.hpp"
#include "teach/linear_svm.hpp"

namespace facet::detail {

inline constexpr std::size_t kFewestTaughtPhotos = 10;   // fewer are refused, …
inline constexpr std::size_t kAdvisedTaughtPhotos = 50;  // … below this a warning is due

// The described and labelled photos, reduced to what teaching needs of them.
class TeachingSet {
 public:
  // Of the `patches` × `features` values of a photo, the mean and `train_patches` patches are kept.
  TeachingSet(int patches, int features, int train_patches = 6);

  // One photo's feature vectors, patch after patch. Photos of one person are no independent
  // evidence: none is judged by a head that has seen another. Without `person` a photo stands for
  // itself.
  void add(std::span<const float> values, bool present, std::optional<int> person = std::nullopt);

  [[nodiscard]] std::size_t size() const { return labels_.size(); }
  [[nodiscard]] std::size_t positives() const;
  [[nodiscard]] int features() const { return features_; }
  [[nodiscard]] bool present(std::size_t photo) const { return labels_[photo]; }
  // The first photo of the same person.
  [[nodiscard]] std::size_t first_of_person(std::size_t photo) const { return firsts_[photo]; }
  [[nodiscard]] std::size_t people() const { return people_.size(); }  // that were named
  [[nodiscard]] std::span<const float> mean(std::size_t photo) const;
  [[nodiscard]] std::span<const float> training_rows(std::size_t photo) const;
  [[nodiscard]] int rows_per_photo() const { return train_patches_; }

 private:
  int patches_;
  int features_;
  int train_patches_;
  std::vector<float> means_;
  std::vector<float> rows_;
  std::vector<bool> labels_;
  std::vector<std::size_t> firsts_;
  std::map<int, std::size_t> people_;  // the first photo of each
};

struct TeachingSettings {
  std::vector<float> costs = {0.01F, 0.1F, 1, 10, 100};  // tried; the least log loss wins
  int threads = 1;                                       // the result does not depend on it
};

struct LearningPoint {
  double photos = 0;    // trained on, on average
  double accuracy = 0;  // 0…1, cross-validated
};

// All from cross-validation by photo, or by person where people were named: no photo is judged by
// an SVM, a cost or a calibration that was fitted to it or to another of the person. Shares are
// 0…1.
struct TeachingFigures {
  std::size_t photos = 0;
  std::size_t positives = 0;
  std::size_t people = 0;  // 0: not named
  int folds = 0;
  double accuracy = 0;
  double accuracy_error = 0;  // standard error
  double balanced = 0;
  double log_loss = 0;
  double share_log_loss = 0;         // of always answering the share of positives
  double majority = 0;               // accuracy of always giving the more frequent answer
  std::vector<LearningPoint> curve;  // a quarter, half and all of the photos
  double doubling_gain = 0;          // accuracy that a doubling of the photos brought, …
  double doubling_error = 0;         // … and its standard error
};

struct TeachingResult {
  SvmFeatures::Plane plane;  // of all photos
  Logistic calibration;      // of the cross-validation's scores
  float cost = 0;
  TeachingFigures figures;
};

// Throws Error(invalid_argument) for fewer than 10 photos, fewer than 2 with or without the
// attribute, or photos of a kind that are all of one person.
TeachingResult teach(const TeachingSet& set, const TeachingSettings& settings = {});

}  // namespace facet::detail
