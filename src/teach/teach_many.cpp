// SPDX-License-Identifier: Apache-2.0
#include "teach/teach_many.hpp"

#include <algorithm>
#include <limits>
#include <mutex>
#include <optional>
#include <set>

#include "base/parallel_loop.hpp"
#include "facet/error.hpp"
#include "teach/linear_svm.hpp"
#include "teach/teach_cross_validation.hpp"

namespace facet::detail {
namespace {

struct Taught {
  SvmFeatures::Plane plane;
  Logistic calibration;
  float cost = 0;
  std::size_t positives = 0;
};

// The photos in LIBLINEAR's form, which the problems of all attributes and folds share.
class Lesson {
 public:
  explicit Lesson(const std::vector<PhotoToLearn>& photos)
      : photos_(photos), rows_(rows_of(photos), features_of(photos)) {
    for (const PhotoToLearn& photo : photos) folds_.insert(photo.fold);
  }

  [[nodiscard]] std::size_t folds() const { return folds_.size(); }

  [[nodiscard]] Taught teach(std::size_t attribute, const std::vector<float>& costs) const {
    Taught best;
    std::vector<std::int8_t> labels;
    for (const PhotoToLearn& photo : photos_) {
      labels.push_back(photo.labels.at(attribute) > 0 ? 1 : 0);
      best.positives += photo.labels.at(attribute) > 0 ? 1U : 0U;
    }
    if (best.positives == 0 || best.positives == photos_.size()) {
      best.plane = constant_plane(best.positives > 0);
      best.calibration = rising_logistic(std::vector<float>(photos_.size()), labels);
      return best;
    }
    double least = std::numeric_limits<double>::infinity();
    for (const float cost : costs) {
      const std::vector<float> scores = cross_scores(labels, cost);
      const Logistic calibration = rising_logistic(scores, labels);
      double loss = 0;
      for (std::size_t i = 0; i < scores.size(); ++i) {
        loss += log_loss(calibration(scores[i]), labels[i] > 0);
      }
      if (loss < least) {
        least = loss;
        best.cost = cost;
        best.calibration = calibration;
      }
    }
    best.plane = plane_without(labels, best.cost, {});
    return best;
  }

 private:
  static int features_of(const std::vector<PhotoToLearn>& photos) {
    return static_cast<int>(photos.at(0).features.mean.size());
  }
  static std::vector<float> rows_of(const std::vector<PhotoToLearn>& photos) {
    std::vector<float> rows;
    rows.reserve(photos.size() * photos.at(0).features.rows.size());
    for (const PhotoToLearn& photo : photos) {
      rows.insert(rows.end(), photo.features.rows.begin(), photo.features.rows.end());
    }
    return rows;
  }
  [[nodiscard]] SvmFeatures::Plane constant_plane(bool present) const {
    return {std::vector<float>(static_cast<std::size_t>(rows_.features())), present ? 1.0F : -1.0F};
  }

  // The SVM of all photos but those of a fold; a constant where they are all alike.
  [[nodiscard]] SvmFeatures::Plane plane_without(const std::vector<std::int8_t>& labels, float cost,
                                                 std::optional<int> fold) const {
    const std::size_t per_photo = static_cast<std::size_t>(rows_.rows()) / photos_.size();
    std::vector<std::int8_t> targets;
    for (std::size_t i = 0; i < photos_.size(); ++i) {
      const bool left_out = fold == photos_[i].fold;
      targets.insert(targets.end(), per_photo, left_out ? std::int8_t{-1} : labels[i]);
    }
    const auto count = [&](int label) { return std::count(targets.begin(), targets.end(), label); };
    if (count(0) == 0 || count(1) == 0) return constant_plane(count(1) > 0);
    return rows_.train(targets, cost);
  }

  // A score a photo, by the SVM of the other folds.
  [[nodiscard]] std::vector<float> cross_scores(const std::vector<std::int8_t>& labels,
                                                float cost) const {
    std::vector<float> scores(photos_.size());
    for (const int fold : folds_) {
      const SvmFeatures::Plane plane = plane_without(labels, cost, fold);
      for (std::size_t i = 0; i < photos_.size(); ++i) {
        if (photos_[i].fold != fold) continue;
        const std::vector<float>& mean = photos_[i].features.mean;
        double sum = plane.bias;
        for (std::size_t k = 0; k < mean.size(); ++k) {
          sum += static_cast<double>(plane.weight[k]) * mean[k];
        }
        scores[i] = static_cast<float>(sum);
      }
    }
    return scores;
  }

  const std::vector<PhotoToLearn>& photos_;
  SvmFeatures rows_;
  std::set<int> folds_;
};

}  // namespace

TeachingResults teach_many(const std::vector<PhotoToLearn>& photos,
                           const std::vector<std::string>& attributes,
                           const TeachManySettings& settings) {
  if (photos.empty()) throw Error(ErrorCode::invalid_argument, "no photos to learn from");
  const Lesson lesson(photos);
  if (lesson.folds() < 2) {
    throw Error(ErrorCode::invalid_argument, "cross-validation takes at least 2 folds");
  }
  std::vector<Taught> taught(attributes.size());
  std::mutex lock;
  std::size_t done = 0;
  for_each_parallel(attributes.size(), settings.threads, [&](std::size_t k) {
    taught[k] = lesson.teach(k, settings.costs);
    const std::scoped_lock guard(lock);
    ++done;
    if (settings.progress) settings.progress(done);
  });

  TeachingResults result;
  result.head.attributes = attributes;
  for (const Taught& one : taught) {
    Head& head = result.head;
    head.weight.insert(head.weight.end(), one.plane.weight.begin(), one.plane.weight.end());
    head.bias.push_back(one.plane.bias);
    head.calibration_a.push_back(one.calibration.a);
    head.calibration_b.push_back(one.calibration.b);
    head.threshold.push_back(0.5F);
    // Calibrated probabilities reach balanced accuracy's best cut at the attribute's own share.
    const bool learnt = one.positives > 0 && one.positives < photos.size();
    head.threshold_balanced.push_back(
        learnt ? static_cast<float>(one.positives) / static_cast<float>(photos.size()) : 0.5F);
    result.costs.push_back(one.cost);
    result.positives.push_back(one.positives);
  }
  return result;
}

}  // namespace facet::detail
