// SPDX-License-Identifier: Apache-2.0
#include "teach/lasso.hpp"

#include <algorithm>
#include <cmath>

namespace facet::detail {

NormalEquations normal_equations(std::span<const float> rows, std::size_t features,
                                 std::span<const double> target, std::span<const double> weights) {
  NormalEquations equations;
  equations.features = features;
  equations.products.assign(features * features, 0.0);
  equations.with_target.assign(features, 0.0);
  // Blocks of rows, weighted, so that a row of the result stays in the cache.
  constexpr std::size_t block = 64;
  std::vector<double> turned(block * features);  // features × block
  const std::size_t count = target.size();
  for (std::size_t first = 0; first < count; first += block) {
    const std::size_t size = std::min(block, count - first);
    std::fill(turned.begin(), turned.end(), 0.0);
    for (std::size_t r = 0; r < size; ++r) {
      const double root = std::sqrt(weights[first + r]);
      const float* row = rows.data() + (first + r) * features;
      for (std::size_t k = 0; k < features; ++k) turned[k * block + r] = root * row[k];
      for (std::size_t k = 0; k < features; ++k) {
        equations.with_target[k] += weights[first + r] * row[k] * target[first + r];
      }
    }
    for (std::size_t i = 0; i < features; ++i) {
      const double* a = turned.data() + i * block;
      for (std::size_t j = 0; j <= i; ++j) {
        const double* b = turned.data() + j * block;
        double sums[4] = {0, 0, 0, 0};
        for (std::size_t r = 0; r < block; r += 4) {
          for (std::size_t k = 0; k < 4; ++k) sums[k] += a[r + k] * b[r + k];
        }
        equations.products[i * features + j] += (sums[0] + sums[1]) + (sums[2] + sums[3]);
      }
    }
  }
  for (std::size_t i = 0; i < features; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      equations.products[j * features + i] = equations.products[i * features + j];
    }
  }
  return equations;
}

double largest_penalty(const NormalEquations& equations) {
  double most = 0;
  for (const double one : equations.with_target) most = std::max(most, std::abs(one));
  return most;
}

std::vector<double> lasso(const NormalEquations& equations, double penalty,
                          std::vector<double> start) {
  constexpr int most_rounds = 500;
  constexpr double close = 1e-6;
  const std::size_t n = equations.features;
  std::vector<double> w = std::move(start);
  w.resize(n, 0.0);
  // with_target − products · w
  std::vector<double> residual = equations.with_target;
  const auto move = [&](std::size_t k, double step) {
    const double* row = equations.products.data() + k * n;
    for (std::size_t j = 0; j < n; ++j) residual[j] -= step * row[j];
    w[k] += step;
  };
  for (std::size_t k = 0; k < n; ++k) {
    const double weight = w[k];
    w[k] = 0;
    if (weight != 0) move(k, weight);
  }
  for (int round = 0; round < most_rounds; ++round) {
    double largest = 0;
    for (std::size_t k = 0; k < n; ++k) {
      const double own = equations.products[k * n + k];
      if (own <= 1e-12) continue;
      const double pull = residual[k] + own * w[k];
      const double wanted =
          std::abs(pull) <= penalty ? 0.0 : (pull > 0 ? pull - penalty : pull + penalty) / own;
      const double step = wanted - w[k];
      if (step == 0) continue;
      move(k, step);
      if (wanted == 0) w[k] = 0;
      largest = std::max(largest, std::abs(step));
    }
    if (largest < close) break;
  }
  return w;
}

std::vector<double> least_squares(const NormalEquations& equations,
                                  std::span<const std::size_t> chosen, double ridge) {
  const std::size_t n = chosen.size();
  std::vector<double> lower(n * n);  // Cholesky's
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = equations.products[chosen[i] * equations.features + chosen[j]];
      if (i == j) sum += ridge;
      for (std::size_t k = 0; k < j; ++k) sum -= lower[i * n + k] * lower[j * n + k];
      lower[i * n + j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / lower[j * n + j];
    }
  }
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = equations.with_target[chosen[i]];
    for (std::size_t k = 0; k < i; ++k) x[i] -= lower[i * n + k] * x[k];
    x[i] /= lower[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) x[i] -= lower[k * n + i] * x[k];
    x[i] /= lower[i * n + i];
  }
  return x;
}

}  // namespace facet::detail
