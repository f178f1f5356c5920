// SPDX-License-Identifier: Apache-2.0
#include "teach/sparse_head.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/parallel_loop.hpp"
#include "facet/error.hpp"
#include "teach/calibration.hpp"
#include "teach/lasso.hpp"

namespace facet::detail {
namespace {

constexpr std::array kShares = {0.005, 0.01, 0.02, 0.03, 0.05, 0.075,
                                0.1,   0.15, 0.2,  0.3,  0.5,  1.0};
constexpr int kPenalties = 40;
constexpr double kSmallestPenalty = 1e-3;  // of the largest
constexpr double kRidge = 1e-3;

// Features less their mean, over their deviation, as all attributes see them.
struct Standardised {
  std::vector<float> rows;  // photos × neurons
  std::vector<double> mean;
  std::vector<double> deviation;  // 0 where a neuron never changes
};

Standardised standardise(const SparseLesson& lesson) {
  const std::size_t n = lesson.neurons;
  Standardised result;
  result.mean.assign(n, 0.0);
  std::vector<double> squares(n, 0.0);
  double count = 0;
  for (std::size_t i = 0; i < lesson.photos(); ++i) {
    if (lesson.chooses[i]) continue;
    ++count;
    for (std::size_t k = 0; k < n; ++k) {
      const double value = lesson.features[i * n + k];
      result.mean[k] += value;
      squares[k] += value * value;
    }
  }
  for (std::size_t k = 0; k < n; ++k) {
    result.mean[k] /= count;
    const double variance = squares[k] / count - result.mean[k] * result.mean[k];
    result.deviation.push_back(variance > 1e-12 ? std::sqrt(variance) : 0.0);
  }
  result.rows.resize(lesson.features.size());
  for (std::size_t i = 0; i < result.rows.size(); ++i) {
    const std::size_t k = i % n;
    result.rows[i] =
        result.deviation[k] > 0
            ? static_cast<float>((lesson.features[i] - result.mean[k]) / result.deviation[k])
            : 0.0F;
  }
  return result;
}

double balanced_accuracy(std::span<const char> said, std::span<const std::int8_t> truth) {
  double right[2] = {0, 0};
  double count[2] = {0, 0};
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (truth[i] < 0) continue;
    const auto is = static_cast<std::size_t>(truth[i]);
    count[is] += 1;
    right[is] += (said[i] != 0) == (is == 1) ? 1 : 0;
  }
  const auto share = [](double part, double whole) { return whole > 0 ? part / whole : 1.0; };
  return (share(right[0], count[0]) + share(right[1], count[1])) / 2;
}

// One attribute of the head, over the photos that fit and those that choose.
class Attempt {
 public:
  Attempt(const SparseLesson& lesson, const Standardised& rows, const Head& head,
          std::size_t attribute)
      : lesson_(lesson), rows_(rows), head_(head), attribute_(attribute) {
    const std::size_t n = lesson.neurons;
    for (std::size_t i = 0; i < lesson.photos(); ++i) {
      double score = head.bias[attribute];
      for (std::size_t k = 0; k < n; ++k) {
        score += static_cast<double>(head.weight[attribute * n + k]) * lesson.features[i * n + k];
      }
      scores_.push_back(score);
      labels_.push_back(lesson.labels[i * head.attributes.size() + attribute]);
    }
    set_equations();
  }

  [[nodiscard]] double full_balanced() const {
    return judge(scores_, {head_.calibration_a[attribute_], head_.calibration_b[attribute_]})
        .balanced;
  }

  // Sets of neurons from the fewest to all, each once.
  [[nodiscard]] std::vector<std::vector<std::size_t>> sets() const {
    std::vector<std::vector<std::size_t>> sets;
    std::set<std::vector<std::size_t>> known;
    std::vector<double> weights;
    const double largest = largest_penalty(equations_);
    for (int step = 1; step <= kPenalties; ++step) {
      const double penalty = largest * std::pow(kSmallestPenalty, step / double{kPenalties});
      weights = lasso(equations_, penalty, std::move(weights));
      std::vector<std::size_t> chosen;
      for (std::size_t k = 0; k < weights.size(); ++k) {
        if (weights[k] != 0) chosen.push_back(k);
      }
      if (!chosen.empty() && known.insert(chosen).second) sets.push_back(std::move(chosen));
    }
    return sets;
  }

  [[nodiscard]] SparseAttribute fit(const std::vector<std::size_t>& chosen) const {
    const std::size_t n = lesson_.neurons;
    const std::vector<double> weights = least_squares(equations_, chosen, kRidge);
    SparseAttribute result;
    result.weight.assign(n, 0.0F);
    result.neurons = chosen.size();
    double bias = target_mean_;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const std::size_t k = chosen[i];
      const double weight = weights[i] / rows_.deviation[k];
      result.weight[k] = static_cast<float>(weight);
      bias -= weights[i] * shift_[k] + weight * rows_.mean[k];
    }
    result.bias = static_cast<float>(bias);
    std::vector<double> scores;
    std::vector<float> fitted;
    std::vector<std::int8_t> truth;
    for (std::size_t i = 0; i < lesson_.photos(); ++i) {
      double score = result.bias;
      for (const std::size_t k : chosen) {
        score += static_cast<double>(result.weight[k]) * lesson_.features[i * n + k];
      }
      scores.push_back(score);
      if (lesson_.chooses[i]) continue;
      fitted.push_back(static_cast<float>(score));
      truth.push_back(labels_[i]);
    }
    const Logistic logistic = fit_logistic(fitted, truth);
    result.a = logistic.a;
    result.b = logistic.b;
    const Judgement judged = judge(scores, logistic);
    result.balanced = judged.balanced;
    result.agreement = judged.agreement;
    return result;
  }

 private:
  struct Judgement {
    double balanced = 0;
    double agreement = 0;
  };

  // On the photos that choose; balanced accuracy at the threshold for it, agreement at the other.
  [[nodiscard]] Judgement judge(const std::vector<double>& scores, Logistic logistic) const {
    const Logistic full = {head_.calibration_a[attribute_], head_.calibration_b[attribute_]};
    const float threshold = head_.threshold[attribute_];
    std::vector<std::int8_t> truth;
    std::vector<char> said;
    double agreed = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (!lesson_.chooses[i]) continue;
      const float p = logistic(static_cast<float>(scores[i]));
      said.push_back(p >= head_.threshold_balanced[attribute_] ? 1 : 0);
      truth.push_back(labels_[i]);
      const bool both = (p >= threshold) == (full(static_cast<float>(scores_[i])) >= threshold);
      agreed += both ? 1 : 0;
    }
    return {balanced_accuracy(said, truth), agreed / static_cast<double>(truth.size())};
  }

  // The target is the full head's score. Both classes weigh the same: the rare one is where heads
  // differ.
  void set_equations() {
    double count[2] = {0, 0};
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      if (!lesson_.chooses[i] && labels_[i] >= 0) count[labels_[i] > 0 ? 1 : 0] += 1;
    }
    std::vector<float> rows;
    std::vector<double> target;
    std::vector<double> weights;
    const std::size_t n = lesson_.neurons;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      if (lesson_.chooses[i] || labels_[i] < 0) continue;
      const auto from = rows_.rows.begin() + static_cast<std::ptrdiff_t>(i * n);
      rows.insert(rows.end(), from, from + static_cast<std::ptrdiff_t>(n));
      target.push_back(scores_[i]);
      const bool both = count[0] > 0 && count[1] > 0;
      weights.push_back((both ? 0.5 : 1.0) / count[labels_[i] > 0 ? 1 : 0]);
    }
    if (target.empty()) {
      throw Error(ErrorCode::invalid_argument,
                  "no photo to fit a sparse head of " + head_.attributes[attribute_] + " on");
    }
    // With weights the mean is no longer 0: it is taken off, and given back to the bias.
    std::vector<double> shift(n, 0.0);
    for (std::size_t i = 0; i < target.size(); ++i) {
      target_mean_ += weights[i] * target[i];
      for (std::size_t k = 0; k < n; ++k) shift[k] += weights[i] * rows[i * n + k];
    }
    for (std::size_t i = 0; i < target.size(); ++i) {
      target[i] -= target_mean_;
      for (std::size_t k = 0; k < n; ++k) rows[i * n + k] -= static_cast<float>(shift[k]);
    }
    shift_ = std::move(shift);
    equations_ = normal_equations(rows, n, target, weights);
  }

  const SparseLesson& lesson_;
  const Standardised& rows_;
  const Head& head_;
  std::size_t attribute_;
  std::vector<double> scores_;       // of the full head, a photo
  std::vector<std::int8_t> labels_;  // a photo
  NormalEquations equations_;
  double target_mean_ = 0;
  std::vector<double> shift_;
};

// One attribute: the head, and the best balanced accuracy within each of kShares, relative to the
// full head's.
struct Chosen {
  SparseAttribute head;
  std::vector<double> curve;
};

Chosen choose(const Attempt& attempt, std::size_t neurons, const SparseSettings& settings) {
  const double full = attempt.full_balanced();
  const auto limit = static_cast<double>(settings.most_neurons) * static_cast<double>(neurons);
  Chosen chosen;
  chosen.curve.assign(kShares.size(), 0.0);
  for (const std::vector<std::size_t>& set : attempt.sets()) {
    SparseAttribute candidate = attempt.fit(set);
    const auto count = static_cast<double>(set.size());
    for (std::size_t s = 0; s < kShares.size(); ++s) {
      if (count <= kShares[s] * static_cast<double>(neurons)) {
        chosen.curve[s] = std::max(chosen.curve[s], candidate.balanced / full);
      }
    }
    candidate.reached = candidate.balanced >= settings.kept_balanced * full;
    // The first that reaches it is the smallest.
    if (count > limit || chosen.head.reached) continue;
    if (chosen.head.weight.empty() || candidate.reached ||
        candidate.balanced > chosen.head.balanced) {
      chosen.head = std::move(candidate);
    }
  }
  chosen.head.full_balanced = full;
  if (chosen.head.weight.empty()) {  // a score that never changes
    chosen.head.weight.assign(neurons, 0.0F);
  }
  return chosen;
}

}  // namespace

SparseHeads fit_sparse_heads(const SparseLesson& lesson, const Head& head,
                             const SparseSettings& settings) {
  if (lesson.features.size() != lesson.photos() * lesson.neurons ||
      lesson.labels.size() != lesson.photos() * head.attributes.size()) {
    throw Error(ErrorCode::invalid_argument, "photos, features and labels do not match");
  }
  const auto choosing = std::count(lesson.chooses.begin(), lesson.chooses.end(), true);
  if (choosing == 0 || choosing == static_cast<std::ptrdiff_t>(lesson.photos())) {
    throw Error(ErrorCode::invalid_argument,
                "a sparse head needs photos to fit and photos of other people to choose");
  }
  const Standardised rows = standardise(lesson);
  std::vector<Chosen> chosen(head.attributes.size());
  for_each_parallel(head.attributes.size(), settings.threads, [&](std::size_t attribute) {
    chosen[attribute] = choose(Attempt(lesson, rows, head, attribute), lesson.neurons, settings);
  });
  SparseHeads heads;
  for (std::size_t s = 0; s < kShares.size(); ++s) {
    double sum = 0;
    for (const Chosen& one : chosen) sum += one.curve[s];
    heads.curve.push_back({kShares[s], sum / static_cast<double>(chosen.size())});
  }
  for (Chosen& one : chosen) heads.attributes.push_back(std::move(one.head));
  return heads;
}

}  // namespace facet::detail
