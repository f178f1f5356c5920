// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/few_neurons.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "base/parallel_loop.hpp"
#include "evaluate/paper/balanced_cut.hpp"

namespace facet::detail {
namespace {

constexpr double kChance = 0.5;

std::vector<std::int8_t> labels_of(const PaperSet& set, std::span<const std::size_t> photos,
                                   std::size_t attribute) {
  std::vector<std::int8_t> labels;
  labels.reserve(photos.size());
  for (const std::size_t photo : photos) labels.push_back(set.has(photo, attribute) ? 1 : 0);
  return labels;
}

std::vector<float> column_of(const StoredRows& features, std::span<const std::size_t> photos,
                             std::size_t column) {
  std::vector<float> values;
  values.reserve(photos.size());
  for (const std::size_t photo : photos) values.push_back(features.row(photo)[column]);
  return values;
}

void count_answers(const BalancedCut& cut, std::span<const float> values, const SetHalves& halves,
                   const PaperSet& set, std::size_t attribute, AnswerCounts& counts) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    counts.add(halves.person_of[i], attribute, cut.says(values[i]),
               set.has(halves.others[i], attribute));
  }
}

std::vector<double> deviations(const StoredRows& features, std::span<const std::size_t> photos) {
  std::vector<double> result(features.width);
  for (std::size_t c = 0; c < features.width; ++c) {
    double sum = 0;
    double squares = 0;
    for (const std::size_t photo : photos) {
      const double value = features.row(photo)[c];
      sum += value;
      squares += value * value;
    }
    const double count = static_cast<double>(photos.size());
    result[c] = std::sqrt(std::max(0.0, squares / count - sum * sum / count / count));
  }
  return result;
}

// The set with the labels of one attribute alone.
PaperSet with_one_attribute(const PaperSet& set, std::size_t attribute) {
  PaperSet one = {set.name, set.title, {}, set.identities, set.person_of, set.people};
  one.photos.attribute_names = {set.photos.attribute_names[attribute]};
  for (const EvaluationPhoto& photo : set.photos.photos) {
    one.photos.photos.push_back({});
    one.photos.photos.back().labels = {photo.labels[attribute]};
  }
  return one;
}

AttributePlanes fit_best(const StoredRows& features, const AttributePlanes& full,
                         const std::vector<double>& spread, double share, const SetHalves& halves,
                         const PaperSet& set, int threads) {
  const auto kept = static_cast<std::size_t>(
      std::max(1L, std::lround(share * static_cast<double>(features.width))));
  AttributePlanes planes(full.size());
  for_each_parallel(full.size(), threads, [&](std::size_t k) {
    std::vector<std::size_t> order(features.width);
    std::iota(order.begin(), order.end(), 0);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                      [&](std::size_t a, std::size_t b) {
                        return std::abs(full[k].weight[a]) * spread[a] >
                               std::abs(full[k].weight[b]) * spread[b];
                      });
    order.resize(kept);
    const AttributePlane plane = fit_planes(columns_of(features, order), halves.teach,
                                            with_one_attribute(set, k), kNeuronCost, 1)
                                     .front();
    planes[k] = {std::vector<float>(features.width), plane.bias};
    for (std::size_t i = 0; i < kept; ++i) planes[k].weight[order[i]] = plane.weight[i];
  });
  return planes;
}

AnswerCounts best_single(const StoredRows& features, const SetHalves& halves, const PaperSet& set,
                         int threads) {
  std::vector<std::vector<std::int8_t>> labels;
  for (std::size_t k = 0; k < set.attributes(); ++k) {
    labels.push_back(labels_of(set, halves.teach, k));
  }
  std::vector<std::vector<BalancedCut>> cuts(features.width);
  for_each_parallel(features.width, threads, [&](std::size_t column) {
    const std::vector<float> values = column_of(features, halves.teach, column);
    for (const auto& of_attribute : labels) cuts[column].push_back(best_cut(values, of_attribute));
  });
  AnswerCounts counts(halves.people, set.attributes());
  for (std::size_t k = 0; k < set.attributes(); ++k) {
    const auto best = std::max_element(cuts.begin(), cuts.end(), [&](const auto& a, const auto& b) {
      return a[k].balanced < b[k].balanced;
    });
    const auto column = static_cast<std::size_t>(best - cuts.begin());
    count_answers((*best)[k], column_of(features, halves.others, column), halves, set, k, counts);
  }
  return counts;
}

}  // namespace

SetHalves::SetHalves(const PaperSet& set)
    : teach(photos_by_identity(set, false)), others(photos_by_identity(set, true)) {
  std::map<std::size_t, std::size_t> numbers;
  for (const std::size_t photo : others) {
    person_of.push_back(numbers.emplace(set.person_of[photo], numbers.size()).first->second);
  }
  people = numbers.size();
}

AnswerCounts answer_at_cuts(const AttributePlanes& planes, const StoredRows& features,
                            const SetHalves& halves, const PaperSet& set) {
  AnswerCounts counts(halves.people, planes.size());
  const auto scores = [&](const AttributePlane& plane, std::span<const std::size_t> photos) {
    std::vector<float> all;
    all.reserve(photos.size());
    for (const std::size_t photo : photos) all.push_back(score_of(plane, features.row(photo)));
    return all;
  };
  for (std::size_t k = 0; k < planes.size(); ++k) {
    const BalancedCut cut =
        best_cut(scores(planes[k], halves.teach), labels_of(set, halves.teach, k));
    count_answers(cut, scores(planes[k], halves.others), halves, set, k, counts);
  }
  return counts;
}

FewNeurons few_neurons(const StoredRows& features, const PaperSet& set, int threads) {
  const SetHalves halves(set);
  const AttributePlanes full = fit_planes(features, halves.teach, set, kNeuronCost, threads);
  const std::vector<double> spread = deviations(features, halves.teach);
  FewNeurons result{features.width, {}, best_single(features, halves, set, threads)};
  for (const double share : kNeuronShares) {
    const AttributePlanes planes =
        share < 1 ? fit_best(features, full, spread, share, halves, set, threads) : full;
    result.by_share.push_back(answer_at_cuts(planes, features, halves, set));
  }
  return result;
}

Interval kept_above_chance(const AnswerCounts& some, const AnswerCounts& all, std::string_view name,
                           int resamples) {
  return bootstrap_over_people(all.people(), resamples, name, [&](PersonWeights weights) {
    const double whole = all.average(weights).balanced - kChance;
    return whole > 0 ? (some.average(weights).balanced - kChance) / whole : 0;
  });
}

}  // namespace facet::detail
