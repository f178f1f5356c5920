#include "fit/head_fit.hpp"

#include <algorithm>

#include "dataset/parallel.hpp"
#include "facet/error.hpp"
#include "fit/calibration.hpp"
#include "fit/linear_svm.hpp"

namespace facet {
namespace {

std::vector<std::int8_t> targets_of(const PatchFeatures& features,
                                    const std::vector<std::size_t>& photos, std::size_t attribute,
                                    int repeat) {
  std::vector<std::int8_t> targets;
  for (const std::size_t i : photos) {
    targets.insert(targets.end(), static_cast<std::size_t>(repeat),
                   features.photos[i]->labels.at(attribute));
  }
  return targets;
}

// The features of `per_photo` patches of each photo; which ones differs from photo to photo.
SvmFeatures training_rows(const PatchFeatures& features, const std::vector<std::size_t>& photos,
                          int per_photo) {
  const auto width = static_cast<std::size_t>(features.features);
  std::vector<float> rows;
  rows.reserve(photos.size() * static_cast<std::size_t>(per_photo) * width);
  for (const std::size_t i : photos) {
    for (int k = 0; k < per_photo; ++k) {
      const auto patch = (static_cast<std::size_t>(k * features.patches / per_photo) + i) %
                         static_cast<std::size_t>(features.patches);
      const float* from = features.photo(i) + patch * width;
      rows.insert(rows.end(), from, from + width);
    }
  }
  return {rows, features.features};
}

// Mean over patches, as predictions do.
std::vector<float> mean_scores(const PatchFeatures& features,
                               const std::vector<std::size_t>& photos,
                               const SvmFeatures::Plane& plane) {
  std::vector<float> scores;
  for (const std::size_t i : photos) {
    const float* value = features.photo(i);
    double sum = 0;
    for (int p = 0; p < features.patches; ++p) {
      for (int k = 0; k < features.features; ++k) {
        sum += static_cast<double>(*value++) * plane.weight[static_cast<std::size_t>(k)];
      }
    }
    scores.push_back(static_cast<float>(sum / features.patches) + plane.bias);
  }
  return scores;
}

struct Trial {
  SvmFeatures::Plane plane;
  Logistic logistic;
  double accuracy = 0;
  double balanced = 0;
  double positive_share = 0;
};

Trial try_cost(const PatchFeatures& features, const SvmFeatures& rows,
               const std::vector<std::size_t>& train, const std::vector<std::size_t>& choose,
               std::size_t attribute, int per_photo, float cost) {
  Trial trial;
  trial.plane = rows.train(targets_of(features, train, attribute, per_photo), cost);
  const auto scores = mean_scores(features, choose, trial.plane);
  const auto truth = targets_of(features, choose, attribute, 1);
  trial.logistic = fit_logistic(scores, truth);
  double right[2] = {0, 0};
  double count[2] = {0, 0};
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (truth[i] < 0) continue;
    const auto is = static_cast<std::size_t>(truth[i]);
    count[is] += 1;
    right[is] += (trial.logistic(scores[i]) >= 0.5F) == (is == 1) ? 1 : 0;
  }
  const auto share = [](double part, double whole) { return whole > 0 ? part / whole : 1.0; };
  trial.accuracy = 100 * share(right[0] + right[1], count[0] + count[1]);
  trial.balanced = 50 * (share(right[0], count[0]) + share(right[1], count[1]));
  trial.positive_share = share(count[1], count[0] + count[1]);
  return trial;
}

}  // namespace

HeadFit fit_head(const PatchFeatures& features, const std::vector<bool>& chooses,
                 const std::vector<std::string>& attributes, const HeadFitSettings& settings) {
  std::vector<std::size_t> train;
  std::vector<std::size_t> choose;
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < features.photos.size(); ++i) {
    if (features.photos[i]->labels.size() != attributes.size()) {
      throw Error(ErrorCode::bad_label, features.photos[i]->name + ": has " +
                                            std::to_string(features.photos[i]->labels.size()) +
                                            " labels instead of " +
                                            std::to_string(attributes.size()));
    }
    (chooses[i] ? choose : train).push_back(i);
    all.push_back(i);
  }
  if (train.empty() || choose.empty()) {
    throw Error(ErrorCode::invalid_argument, "a head needs photos to train and photos to choose");
  }
  const int per_photo = std::min(settings.train_patches, features.patches);
  HeadFit best;
  std::vector<Trial> best_trials;
  {
    const SvmFeatures rows = training_rows(features, train, per_photo);
    for (const float cost : settings.costs) {
      std::vector<Trial> trials(attributes.size());
      detail::for_each_parallel(attributes.size(), settings.threads, [&](std::size_t k) {
        trials[k] = try_cost(features, rows, train, choose, k, per_photo, cost);
      });
      double accuracy = 0;
      double balanced = 0;
      for (const Trial& trial : trials) {
        accuracy += trial.accuracy / static_cast<double>(trials.size());
        balanced += trial.balanced / static_cast<double>(trials.size());
      }
      if (best_trials.empty() || accuracy > best.chosen_accuracy) {
        best.cost = cost;
        best.chosen_accuracy = accuracy;
        best.chosen_balanced = balanced;
        best_trials = std::move(trials);
      }
    }
  }
  if (settings.refit_on_all) {
    const SvmFeatures rows = training_rows(features, all, per_photo);
    detail::for_each_parallel(attributes.size(), settings.threads, [&](std::size_t k) {
      best_trials[k].plane = rows.train(targets_of(features, all, k, per_photo), best.cost);
    });
  }
  best.head.attributes = attributes;
  for (const Trial& trial : best_trials) {
    best.head.weight.insert(best.head.weight.end(), trial.plane.weight.begin(),
                            trial.plane.weight.end());
    best.head.bias.push_back(trial.plane.bias);
    best.head.calibration_a.push_back(trial.logistic.a);
    best.head.calibration_b.push_back(trial.logistic.b);
    best.head.threshold.push_back(0.5F);
    // Calibrated probabilities reach balanced accuracy's best cut at the attribute's own share.
    best.head.threshold_balanced.push_back(static_cast<float>(trial.positive_share));
  }
  return best;
}

}  // namespace facet
