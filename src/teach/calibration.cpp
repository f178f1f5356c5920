// SPDX-License-Identifier: Apache-2.0
#include "teach/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace facet::detail {

float Logistic::operator()(float score) const {
  return 1.0F / (1.0F + std::exp(-(a * score + b)));
}

Logistic fit_logistic(std::span<const float> scores, std::span<const std::int8_t> targets) {
  double positives = 0;
  double negatives = 0;
  double mean = 0;
  double square = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (targets[i] < 0) continue;
    (targets[i] > 0 ? positives : negatives) += 1;
    mean += scores[i];
    square += static_cast<double>(scores[i]) * scores[i];
  }
  const double count = positives + negatives;
  const double prior = (positives + 1) / (count + 2);
  Logistic result{0, static_cast<float>(std::log(prior / (1 - prior)))};
  if (positives == 0 || negatives == 0) return result;
  mean /= count;
  const double deviation = std::sqrt(std::max(1e-12, square / count - mean * mean));
  const double high = (positives + 1) / (positives + 2);
  const double low = 1 / (negatives + 2);
  const auto loss = [&](double a, double b) {
    double sum = 1e-6 * a * a;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (targets[i] < 0) continue;
      const double z = a * (scores[i] - mean) / deviation + b;
      const double target = targets[i] > 0 ? high : low;
      sum += std::max(z, 0.0) - z * target + std::log1p(std::exp(-std::abs(z)));
    }
    return sum;
  };
  // Newton's method on standardised scores; steps that would not improve are halved.
  double a = 0;
  double b = result.b;
  for (int iteration = 0; iteration < 50; ++iteration) {
    double ga = 2e-6 * a;
    double gb = 0;
    double haa = 2e-6;
    double hab = 0;
    double hbb = 1e-9;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (targets[i] < 0) continue;
      const double x = (scores[i] - mean) / deviation;
      const double p = 1 / (1 + std::exp(-(a * x + b)));
      const double residual = p - (targets[i] > 0 ? high : low);
      const double weight = std::max(1e-9, p * (1 - p));
      ga += residual * x;
      gb += residual;
      haa += weight * x * x;
      hab += weight * x;
      hbb += weight;
    }
    const double determinant = haa * hbb - hab * hab;
    if (!(std::abs(determinant) > 1e-12)) break;
    const double da = (hbb * ga - hab * gb) / determinant;
    const double db = (haa * gb - hab * ga) / determinant;
    const double before = loss(a, b);
    double step = 1;
    while (step > 1e-6 && loss(a - step * da, b - step * db) > before) step /= 2;
    a -= step * da;
    b -= step * db;
    if (std::abs(step * da) + std::abs(step * db) < 1e-9) break;
  }
  result.a = static_cast<float>(a / deviation);
  result.b = static_cast<float>(b - a * mean / deviation);
  return result;
}

Logistic match_share(Logistic logistic, std::span<const float> scores,
                     std::span<const std::int8_t> targets) {
  std::vector<double> logits;
  double positives = 1;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (targets[i] < 0) continue;
    logits.push_back(static_cast<double>(logistic.a) * scores[i]);
    positives += targets[i] > 0 ? 1 : 0;
  }
  if (logits.empty()) return logistic;
  const auto count = static_cast<double>(logits.size());
  const double share = positives / (count + 2);
  // The mean rises with b: halve the stretch that holds the answer.
  const double wanted = std::log(share / (1 - share));
  const auto [least, largest] = std::minmax_element(logits.begin(), logits.end());
  double low = wanted - *largest;
  double high = wanted - *least;
  while (high - low > 1e-7 * std::max(1.0, std::abs(low))) {
    const double b = (low + high) / 2;
    double sum = 0;
    for (const double logit : logits) sum += 1 / (1 + std::exp(-(logit + b)));
    (sum / count < share ? low : high) = b;
  }
  logistic.b = static_cast<float>((low + high) / 2);
  return logistic;
}

}  // namespace facet::detail
