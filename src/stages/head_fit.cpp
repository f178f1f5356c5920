// SPDX-License-Identifier: Apache-2.0
#include "stages/head_fit.hpp"

#include <algorithm>
#include <utility>

#include "base/parallel_loop.hpp"
#include "facet/error.hpp"
#include "teach/calibration.hpp"
#include "teach/linear_svm.hpp"

namespace facet::detail {
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

struct Calibrated {
  SvmFeatures::Plane plane;
  Logistic logistic;  // of the plane's mean scores
};

Calibrated calibrated(const PatchFeatures& features, const std::vector<std::size_t>& choose,
                      std::size_t attribute, SvmFeatures::Plane plane) {
  Calibrated result{std::move(plane), {}};
  result.logistic = fit_logistic(mean_scores(features, choose, result.plane),
                                 targets_of(features, choose, attribute, 1));
  return result;
}

// The weighted mean of two planes, each in the unit of its calibrated log odds.
SvmFeatures::Plane mixed(const Calibrated& svm, const Calibrated& own, float own_share) {
  const float a = (1 - own_share) * svm.logistic.a;
  const float b = own_share * own.logistic.a;
  SvmFeatures::Plane plane;
  for (std::size_t k = 0; k < svm.plane.weight.size(); ++k) {
    plane.weight.push_back(a * svm.plane.weight[k] + b * own.plane.weight[k]);
  }
  plane.bias = a * svm.plane.bias + (1 - own_share) * svm.logistic.b + b * own.plane.bias +
               own_share * own.logistic.b;
  return plane;
}

struct Trial {
  Calibrated decides;
  double accuracy = 0;
  double balanced = 0;
};

Trial judge(const PatchFeatures& features, const std::vector<std::size_t>& choose,
            std::size_t attribute, Calibrated decides) {
  Trial trial;
  const auto scores = mean_scores(features, choose, decides.plane);
  const auto truth = targets_of(features, choose, attribute, 1);
  double right[2] = {0, 0};
  double count[2] = {0, 0};
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (truth[i] < 0) continue;
    const auto is = static_cast<std::size_t>(truth[i]);
    count[is] += 1;
    right[is] += (decides.logistic(scores[i]) >= 0.5F) == (is == 1) ? 1 : 0;
  }
  const auto share = [](double part, double whole) { return whole > 0 ? part / whole : 1.0; };
  trial.accuracy = 100 * share(right[0] + right[1], count[0] + count[1]);
  trial.balanced = 50 * (share(right[0], count[0]) + share(right[1], count[1]));
  trial.decides = std::move(decides);
  return trial;
}

float share_present(const std::vector<std::int8_t>& targets) {
  const auto present = std::count(targets.begin(), targets.end(), std::int8_t{1});
  const auto known = present + std::count(targets.begin(), targets.end(), std::int8_t{0});
  return known > 0 ? static_cast<float>(present) / static_cast<float>(known) : 1.0F;
}

double mean_of(const std::vector<Trial>& trials, double Trial::*measure) {
  double sum = 0;
  for (const Trial& trial : trials) sum += trial.*measure;
  return sum / static_cast<double>(trials.size());
}

void check_own(const HeadFitSettings& settings, std::size_t attributes, int features) {
  const bool wanted = std::any_of(settings.tag_shares.begin(), settings.tag_shares.end(),
                                  [](float share) { return share > 0; });
  if (settings.tag_shares.empty() || settings.costs.empty()) {
    throw Error(ErrorCode::invalid_argument, "a head needs a cost and a tag share to try");
  }
  if (!wanted) return;
  if (!settings.own || settings.own->bias.size() != attributes ||
      settings.own->weight.size() != attributes * static_cast<std::size_t>(features)) {
    throw Error(ErrorCode::invalid_argument,
                "a tag share above 0 needs the network's own outputs for the head's attributes");
  }
}

SvmFeatures::Plane own_plane(const TagPlanes& own, std::size_t attribute, int features) {
  const auto from = own.weight.begin() + static_cast<std::ptrdiff_t>(attribute) * features;
  return {{from, from + features}, own.bias[attribute]};
}

}  // namespace

TagPlanes tag_planes(const NetworkPart& network, const std::string& feature_layer,
                     std::size_t first, std::size_t attributes) {
  const auto& layers = network.spec.layers;
  const std::string what = "the network's own outputs for a head";
  if (layers.size() < 2 || layers[layers.size() - 2].name != feature_layer ||
      layers.back().kind != LayerKind::convolution || layers.back().kernel != 1 ||
      layers.back().relu) {
    throw Error(ErrorCode::bad_model,
                what + ": its last layer does not read '" + feature_layer + "' alone");
  }
  const Layer& last = layers.back();
  if (first + attributes > static_cast<std::size_t>(last.channels())) {
    throw Error(ErrorCode::bad_model, what + ": " + std::to_string(attributes) + " from " +
                                          std::to_string(first) + " on, of " +
                                          std::to_string(last.channels()));
  }
  const auto& weight = network.weights.at(last.name + ".weight").values;
  const auto& bias = network.weights.at(last.name + ".bias").values;
  const auto width = static_cast<std::size_t>(last.in_channels);
  const auto part = [](const std::vector<float>& values, std::size_t from, std::size_t count) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(from);
    return std::vector<float>(begin, begin + static_cast<std::ptrdiff_t>(count));
  };
  return {part(weight, first * width, attributes * width), part(bias, first, attributes)};
}

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
  check_own(settings, attributes.size(), features.features);
  const int per_photo = std::min(settings.train_patches, features.patches);
  std::vector<Calibrated> own(attributes.size());
  if (settings.own) {
    for_each_parallel(attributes.size(), settings.threads, [&](std::size_t k) {
      own[k] = calibrated(features, choose, k, own_plane(*settings.own, k, features.features));
    });
  }
  HeadFit best;
  std::vector<Calibrated> best_svms;
  std::vector<Trial> best_trials;
  {
    const SvmFeatures rows = training_rows(features, train, per_photo);
    for (const float cost : settings.costs) {
      std::vector<Calibrated> svms(attributes.size());
      for_each_parallel(attributes.size(), settings.threads, [&](std::size_t k) {
        svms[k] = calibrated(features, choose, k,
                             rows.train(targets_of(features, train, k, per_photo), cost));
      });
      for (const float share : settings.tag_shares) {
        std::vector<Trial> trials(attributes.size());
        for_each_parallel(attributes.size(), settings.threads, [&](std::size_t k) {
          trials[k] = judge(
              features, choose, k,
              share > 0 ? calibrated(features, choose, k, mixed(svms[k], own[k], share)) : svms[k]);
        });
        const double accuracy = mean_of(trials, &Trial::accuracy);
        if (best_trials.empty() || accuracy > best.chosen_accuracy) {
          best.cost = cost;
          best.tag_share = share;
          best.chosen_accuracy = accuracy;
          best_trials = std::move(trials);
          best_svms = svms;
        }
      }
    }
  }
  // The choosers are few: their slopes stay, how often an attribute is present comes from all.
  const auto match_shares = [&] {
    for_each_parallel(attributes.size(), settings.threads, [&](std::size_t k) {
      auto& [plane, logistic] = best_trials[k].decides;
      logistic =
          match_share(logistic, mean_scores(features, all, plane), targets_of(features, all, k, 1));
    });
  };
  match_shares();
  for (std::size_t k = 0; k < attributes.size(); ++k) {
    best_trials[k] = judge(features, choose, k, best_trials[k].decides);
  }
  best.chosen_accuracy = mean_of(best_trials, &Trial::accuracy);
  best.chosen_balanced = mean_of(best_trials, &Trial::balanced);
  if (settings.refit_on_all) {
    const SvmFeatures rows = training_rows(features, all, per_photo);
    for_each_parallel(attributes.size(), settings.threads, [&](std::size_t k) {
      Calibrated again{rows.train(targets_of(features, all, k, per_photo), best.cost),
                       best_svms[k].logistic};
      best_trials[k].decides.plane =
          best.tag_share > 0 ? mixed(again, own[k], best.tag_share) : again.plane;
    });
    match_shares();
  }
  best.head.attributes = attributes;
  for (std::size_t k = 0; k < attributes.size(); ++k) {
    const auto& [plane, logistic] = best_trials[k].decides;
    best.head.weight.insert(best.head.weight.end(), plane.weight.begin(), plane.weight.end());
    best.head.bias.push_back(plane.bias);
    best.head.calibration_a.push_back(logistic.a);
    best.head.calibration_b.push_back(logistic.b);
    best.head.threshold.push_back(0.5F);
    // Calibrated probabilities reach balanced accuracy's best cut at the attribute's own share.
    best.head.threshold_balanced.push_back(share_present(targets_of(features, all, k, 1)));
  }
  return best;
}

}  // namespace facet::detail
