// SPDX-License-Identifier: Apache-2.0
#include "cross_fit.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "facet/error.hpp"

namespace facet::training {
namespace {

constexpr std::int64_t kRowsTogether = 4096;

torch::Tensor rows_of(const std::vector<int>& folds, int fold) {
  std::vector<std::int64_t> indices;
  for (std::size_t i = 0; i < folds.size(); ++i) {
    if (folds[i] == fold) indices.push_back(static_cast<std::int64_t>(i));
  }
  return torch::tensor(indices, torch::kInt64);
}

// Sums over the rows of one fold.
struct Moments {
  torch::Tensor squares;   // features × features
  torch::Tensor products;  // features × attributes
};

// Features of zero mean and unit variance over the rows that teach; labels as ±1 around their mean,
// 0 where unknown.
class Standardised {
 public:
  explicit Standardised(const CrossFitRows& rows) : rows_(rows) {
    std::vector<std::int64_t> teaching;
    for (std::size_t i = 0; i < rows.folds.size(); ++i) {
      if (rows.folds[i] >= 0) teaching.push_back(static_cast<std::int64_t>(i));
    }
    const auto indices = torch::tensor(teaching, torch::kInt64);
    const auto features = rows.features.size(1);
    auto sum = torch::zeros({features}, torch::kFloat64);
    auto squares = torch::zeros({features}, torch::kFloat64);
    for (const auto& part : indices.split(kRowsTogether)) {
      const auto values = rows.features.index_select(0, part).to(torch::kFloat32);
      sum += values.sum(0).to(torch::kFloat64);
      squares += values.square().sum(0).to(torch::kFloat64);
    }
    const double count = static_cast<double>(teaching.size());
    const auto mean = sum / count;
    mean_ = mean.to(torch::kFloat32);
    const auto variance = (squares / count - mean.square()).clamp_min(0);
    // A feature that never changes says nothing.
    scale_ = torch::where(variance > 1e-10, variance.clamp_min(1e-10).rsqrt(),
                          torch::zeros_like(variance))
                 .to(torch::kFloat32);
    const auto labels = rows.labels.index_select(0, indices);
    const auto known = (labels >= 0).to(torch::kFloat32);
    const auto signs = (labels * 2 - 1) * known;
    label_mean_ = signs.sum(0) / known.sum(0).clamp_min(1);
  }

  [[nodiscard]] torch::Tensor features(const torch::Tensor& indices) const {
    return rows_.features.index_select(0, indices).to(torch::kFloat32).sub_(mean_).mul_(scale_);
  }
  [[nodiscard]] torch::Tensor labels(const torch::Tensor& indices) const {
    const auto labels = rows_.labels.index_select(0, indices);
    return (labels * 2 - 1 - label_mean_) * (labels >= 0).to(torch::kFloat32);
  }
  [[nodiscard]] Moments moments(const torch::Tensor& indices) const {
    const auto size = rows_.features.size(1);
    Moments sums{torch::zeros({size, size}), torch::zeros({size, rows_.labels.size(1)})};
    for (const auto& part : indices.split(kRowsTogether)) {
      const auto values = features(part);
      sums.squares.addmm_(values.t(), values);
      sums.products.addmm_(values.t(), labels(part));
    }
    return sums;
  }
  void score(const torch::Tensor& indices, const torch::Tensor& weights,
             torch::Tensor& scores) const {
    for (const auto& part : indices.split(kRowsTogether)) {
      if (part.numel() > 0) scores.index_copy_(0, part, features(part).mm(weights));
    }
  }

 private:
  const CrossFitRows& rows_;
  torch::Tensor mean_;
  torch::Tensor scale_;
  torch::Tensor label_mean_;
};

torch::Tensor solve(const torch::Tensor& squares, const torch::Tensor& products, double penalty) {
  auto regular = squares.clone();
  regular.diagonal().add_(penalty);
  return torch::cholesky_solve(products, torch::linalg_cholesky(regular));
}

// Share of known labels that the curve gets right, of each class, and of all.
void judge(const torch::Tensor& probabilities, const torch::Tensor& labels, float& accuracy,
           float& balanced) {
  const auto known = labels >= 0;
  const auto yes = labels == 1;
  const auto right = ((probabilities > 0.5) == yes).logical_and(known);
  const auto share = [](const torch::Tensor& part, const torch::Tensor& whole) {
    return part.sum().item<double>() / std::max<double>(1, whole.sum().item<double>());
  };
  accuracy = static_cast<float>(100 * share(right, known));
  const auto no = known.logical_and(yes.logical_not());
  balanced = static_cast<float>(
      50 * (share(right.logical_and(yes), yes) + share(right.logical_and(no), no)));
}

torch::Tensor calibrated(const torch::Tensor& scores, const torch::Tensor& fitted_scores,
                         const torch::Tensor& fitted_labels) {
  std::vector<torch::Tensor> columns;
  for (std::int64_t a = 0; a < scores.size(1); ++a) {
    const LogisticCurve curve =
        fit_logistic_curve(fitted_scores.select(1, a), fitted_labels.select(1, a));
    columns.push_back(torch::sigmoid(scores.select(1, a) * curve.slope + curve.offset));
  }
  return torch::stack(columns, 1);
}

void judge_all(const torch::Tensor& probabilities, const torch::Tensor& labels, CrossFit& result) {
  const auto attributes = static_cast<std::size_t>(labels.size(1));
  result.accuracy.assign(attributes, 0);
  result.balanced.assign(attributes, 0);
  for (std::size_t a = 0; a < attributes; ++a) {
    const auto column = static_cast<std::int64_t>(a);
    judge(probabilities.select(1, column), labels.select(1, column), result.accuracy[a],
          result.balanced[a]);
  }
}

float mean(const std::vector<float>& values) {
  float sum = 0;
  for (const float value : values) sum += value;
  return sum / static_cast<float>(values.size());
}

}  // namespace

LogisticCurve fit_logistic_curve(const torch::Tensor& scores, const torch::Tensor& labels) {
  const auto known = (labels >= 0).nonzero().flatten();
  const auto x = scores.index_select(0, known).to(torch::kFloat64);
  const auto y = labels.index_select(0, known).to(torch::kFloat64);
  double slope = 1;
  double offset = 0;
  constexpr int kSteps = 50;
  constexpr double kPrior = 1e-3;  // keeps the curve finite where classes do not overlap
  for (int step = 0; step < kSteps; ++step) {
    const auto p = torch::sigmoid(x * slope + offset);
    const auto error = p - y;
    const auto weight = p * (1 - p);
    const double g0 = (error * x).sum().item<double>() + kPrior * slope;
    const double g1 = error.sum().item<double>() + kPrior * offset;
    const double h00 = (weight * x * x).sum().item<double>() + kPrior;
    const double h01 = (weight * x).sum().item<double>();
    const double h11 = weight.sum().item<double>() + kPrior;
    const double determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 1e-12)) break;
    // Newton's step, bounded: far from the answer the curve is flat there.
    const double d0 = std::clamp((h11 * g0 - h01 * g1) / determinant, -2.0, 2.0);
    const double d1 = std::clamp((h00 * g1 - h01 * g0) / determinant, -2.0, 2.0);
    slope -= d0;
    offset -= d1;
    if (std::abs(d0) + std::abs(d1) < 1e-8) break;
  }
  return {static_cast<float>(slope), static_cast<float>(offset)};
}

CrossFit cross_fit(const CrossFitRows& rows, const CrossFitSettings& settings) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> folds;
  double teaching = 0;
  for (int k = 0; k < settings.folds; ++k) {
    folds.push_back(rows_of(rows.folds, k));
    if (folds.back().numel() == 0) {
      throw Error(ErrorCode::invalid_argument, "no photo for fold " + std::to_string(k) + " of " +
                                                   std::to_string(settings.folds) +
                                                   ": too few people");
    }
    teaching += static_cast<double>(folds.back().numel());
  }
  const auto choosing = rows_of(rows.folds, kChoosing);
  const auto asked = rows_of(rows.folds, kAsked);
  const Standardised data(rows);
  std::vector<Moments> parts;
  Moments all;
  for (const auto& fold : folds) {
    parts.push_back(data.moments(fold));
    if (!all.squares.defined()) {
      all = {parts.back().squares.clone(), parts.back().products.clone()};
    } else {
      all.squares += parts.back().squares;
      all.products += parts.back().products;
    }
  }
  auto scores = torch::zeros({rows.features.size(0), rows.labels.size(1)});
  const auto choosing_labels = rows.labels.index_select(0, choosing);
  CrossFit result;
  torch::Tensor weights;
  for (const float penalty : settings.penalties) {
    const auto tried = solve(all.squares, all.products, penalty * teaching);
    CrossFit judged;
    if (choosing.numel() > 0) {
      data.score(choosing, tried, scores);
      const auto own = scores.index_select(0, choosing);
      judge_all(calibrated(own, own, choosing_labels), choosing_labels, judged);
    }
    const bool better = !weights.defined() ||
                        (choosing.numel() > 0 && mean(judged.accuracy) > mean(result.accuracy));
    if (!better) continue;
    judged.penalty = penalty;
    result = judged;
    weights = tried;
  }
  data.score(choosing, weights, scores);
  data.score(asked, weights, scores);
  for (std::size_t k = 0; k < folds.size(); ++k) {
    data.score(folds[k],
               solve(all.squares - parts[k].squares, all.products - parts[k].products,
                     result.penalty * teaching),
               scores);
  }
  const auto answered = torch::cat(folds);
  result.probabilities =
      calibrated(scores, scores.index_select(0, answered), rows.labels.index_select(0, answered));
  if (choosing.numel() > 0) {
    judge_all(result.probabilities.index_select(0, choosing), choosing_labels, result);
  }
  return result;
}

}  // namespace facet::training
