// SPDX-License-Identifier: Apache-2.0
#include "teach/teach_cross_validation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

#include "base/parallel_loop.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

// In a random but fixed order, photos of a person one after another.
std::vector<std::size_t> shuffled(const TeachingSet& set) {
  std::vector<std::size_t> order(set.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::mt19937 engine(1);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[engine() % i]);
  std::vector<std::size_t> rank(set.size(), set.size());  // of a person, at their first photo
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::size_t& earliest = rank[set.first_of_person(order[i])];
    earliest = std::min(earliest, i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return rank[set.first_of_person(a)] < rank[set.first_of_person(b)];
  });
  return order;
}

// Photos with the attribute first.
std::vector<std::size_t> shuffled_by_class(const TeachingSet& set) {
  std::vector<std::size_t> order = shuffled(set);
  std::stable_partition(order.begin(), order.end(), [&](std::size_t i) { return set.present(i); });
  return order;
}

// Photos without the attribute, and with it.
using ClassCounts = std::array<std::size_t, 2>;

struct Person {
  std::size_t first = 0;
  ClassCounts photos{};
  [[nodiscard]] std::size_t size() const { return photos[0] + photos[1]; }
};

// Those with the attribute first; of them, and of the others, those with the most photos.
std::vector<Person> people_of(const TeachingSet& set) {
  std::vector<Person> people;
  for (const std::size_t photo : shuffled(set)) {
    const std::size_t first = set.first_of_person(photo);
    if (people.empty() || people.back().first != first) people.push_back({first, {}});
    ++people.back().photos[set.present(photo) ? 1 : 0];
  }
  std::stable_sort(people.begin(), people.end(),
                   [](const Person& a, const Person& b) { return a.size() > b.size(); });
  std::stable_partition(people.begin(), people.end(),
                        [](const Person& person) { return person.photos[1] > 0; });
  return people;
}

// How uneven the fold would make the classes, with the person in it.
double unevenness(const ClassCounts& fold, const ClassCounts& person, const ClassCounts& all) {
  double sum = 0;
  for (const std::size_t of : {0U, 1U}) {
    if (person[of] == 0) continue;
    const auto before = static_cast<double>(fold[of]) / static_cast<double>(all[of]);
    const auto added = static_cast<double>(person[of]) / static_cast<double>(all[of]);
    sum += (2 * before + added) * added;
    constexpr double kNobodyLeftToLearnFrom = 1000;
    if (fold[of] > 0 && fold[of] + person[of] == all[of]) sum += kNobodyLeftToLearnFrom;
  }
  return sum;
}

SvmFeatures training_features(const TeachingSet& set, const std::vector<std::size_t>& photos) {
  std::vector<float> rows;
  for (const std::size_t photo : photos) {
    const auto of_photo = set.training_rows(photo);
    rows.insert(rows.end(), of_photo.begin(), of_photo.end());
  }
  return {rows, set.features()};
}

std::vector<std::int8_t> training_targets(const TeachingSet& set,
                                          const std::vector<std::size_t>& photos) {
  std::vector<std::int8_t> targets;
  for (const std::size_t photo : photos) {
    targets.insert(targets.end(), static_cast<std::size_t>(set.rows_per_photo()),
                   set.present(photo) ? 1 : 0);
  }
  return targets;
}

float score(const TeachingSet& set, std::size_t photo, const SvmFeatures::Plane& plane) {
  double sum = plane.bias;
  const auto mean = set.mean(photo);
  for (std::size_t k = 0; k < mean.size(); ++k) {
    sum += static_cast<double>(plane.weight[k]) * mean[k];
  }
  return static_cast<float>(sum);
}

// The photos outside the fold, or a share of them. Each class keeps at least one photo.
std::vector<std::size_t> training_photos(const TeachingSet& set,
                                         const std::vector<std::size_t>& order,
                                         const std::vector<int>& folds, int fold,
                                         const TrainingShare& share) {
  std::vector<std::size_t> chosen;
  for (const bool present : {true, false}) {
    std::vector<std::size_t> of_class;
    for (const std::size_t photo : order) {
      if (set.present(photo) == present && folds[photo] != fold) of_class.push_back(photo);
    }
    const auto parts = static_cast<std::size_t>(share.parts);
    const auto part = static_cast<std::size_t>(share.part);
    const std::size_t begin = part * of_class.size() / parts;
    const std::size_t end = (part + 1) * of_class.size() / parts;
    if (begin < end) {
      chosen.insert(chosen.end(), of_class.begin() + static_cast<std::ptrdiff_t>(begin),
                    of_class.begin() + static_cast<std::ptrdiff_t>(end));
    } else {
      chosen.push_back(of_class[begin % of_class.size()]);
    }
  }
  return chosen;
}

struct Choice {
  std::size_t cost = 0;  // index
  Logistic calibration;
};

// Cost and calibration by the photos outside `fold`; a fold that is none leaves nobody out.
Choice choose(const TeachingSet& set, const std::vector<std::vector<float>>& scores,
              const std::vector<int>& folds, int fold) {
  Choice best;
  double least = std::numeric_limits<double>::infinity();
  std::vector<std::int8_t> labels;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (folds[i] != fold) labels.push_back(set.present(i) ? 1 : 0);
  }
  for (std::size_t cost = 0; cost < scores.size(); ++cost) {
    std::vector<float> kept;
    for (std::size_t i = 0; i < set.size(); ++i) {
      if (folds[i] != fold) kept.push_back(scores[cost][i]);
    }
    const Logistic calibration = rising_logistic(kept, labels);
    double loss = 0;
    for (std::size_t i = 0; i < kept.size(); ++i) {
      loss += log_loss(calibration(kept[i]), labels[i] > 0);
    }
    if (loss < least) {
      least = loss;
      best = {cost, calibration};
    }
  }
  return best;
}

}  // namespace

double log_loss(float probability, bool present) {
  const double of_label = present ? probability : 1.0 - static_cast<double>(probability);
  return -std::log(std::max(of_label, 1e-7));
}

Logistic rising_logistic(const std::vector<float>& scores, const std::vector<std::int8_t>& labels) {
  const Logistic fitted = fit_logistic(scores, labels);
  if (fitted.a > 0) return fitted;
  const auto count = [&](int label) { return std::count(labels.begin(), labels.end(), label); };
  return {0, static_cast<float>(
                 std::log(static_cast<double>(count(1) + 1) / static_cast<double>(count(0) + 1)))};
}

std::vector<int> stratified_folds(const TeachingSet& set, int folds) {
  const ClassCounts all{set.size() - set.positives(), set.positives()};
  std::vector<ClassCounts> counts(static_cast<std::size_t>(folds));
  std::vector<int> of_first(set.size());
  for (const Person& person : people_of(set)) {
    std::size_t best = 0;
    for (std::size_t fold = 1; fold < counts.size(); ++fold) {
      const double gain = unevenness(counts[best], person.photos, all) -
                          unevenness(counts[fold], person.photos, all);
      const bool smaller = counts[fold][0] + counts[fold][1] < counts[best][0] + counts[best][1];
      if (gain > 1e-9 || (gain > -1e-9 && smaller)) best = fold;
    }
    for (const std::size_t of : {0U, 1U}) counts[best][of] += person.photos[of];
    of_first[person.first] = static_cast<int>(best);
  }
  for (const ClassCounts& fold : counts) {
    if (fold[0] < all[0] && fold[1] < all[1]) continue;
    throw Error(ErrorCode::invalid_argument,
                "the photos are of too few people to judge a head by others than it was taught on");
  }
  std::vector<int> result(set.size());
  for (std::size_t i = 0; i < set.size(); ++i) result[i] = of_first[set.first_of_person(i)];
  return result;
}

SvmFeatures::Plane train_plane(const TeachingSet& set, const std::vector<std::size_t>& photos,
                               float cost) {
  return training_features(set, photos).train(training_targets(set, photos), cost);
}

CrossValidation cross_validate(const TeachingSet& set, const std::vector<int>& folds,
                               const TrainingShare& share, const TeachingSettings& settings) {
  const int count = *std::max_element(folds.begin(), folds.end()) + 1;
  const std::vector<std::size_t> order = shuffled_by_class(set);
  std::vector<std::vector<float>> scores(settings.costs.size(), std::vector<float>(set.size()));
  std::vector<std::size_t> trained(static_cast<std::size_t>(count));
  for_each_parallel(trained.size(), settings.threads, [&](std::size_t fold) {
    const auto photos = training_photos(set, order, folds, static_cast<int>(fold), share);
    trained[fold] = photos.size();
    const SvmFeatures features = training_features(set, photos);
    const auto targets = training_targets(set, photos);
    for (std::size_t c = 0; c < settings.costs.size(); ++c) {
      const auto plane = features.train(targets, settings.costs[c]);
      for (std::size_t i = 0; i < set.size(); ++i) {
        if (folds[i] == static_cast<int>(fold)) scores[c][i] = score(set, i, plane);
      }
    }
  });

  CrossValidation result;
  result.probabilities.resize(set.size());
  for (int fold = 0; fold < count; ++fold) {
    const Choice choice = choose(set, scores, folds, fold);
    for (std::size_t i = 0; i < set.size(); ++i) {
      if (folds[i] == fold) result.probabilities[i] = choice.calibration(scores[choice.cost][i]);
    }
  }
  const Choice choice = choose(set, scores, folds, -1);
  result.cost = settings.costs[choice.cost];
  result.calibration = choice.calibration;
  for (const std::size_t photos : trained) {
    result.training_photos += static_cast<double>(photos) / static_cast<double>(count);
  }
  return result;
}

}  // namespace facet::detail
