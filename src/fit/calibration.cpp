#include "fit/calibration.hpp"

#include <algorithm>
#include <cmath>

namespace facet {

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

}  // namespace facet
