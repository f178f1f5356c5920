// SPDX-License-Identifier: Apache-2.0
// Least squares with an L1 penalty, which sets most weights to 0 (Tibshirani 1996), by coordinate
// descent on the features' products.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace facet::detail {

// Products of standardised features, and with the target, over weighted rows.
struct NormalEquations {
  std::size_t features = 0;
  std::vector<double> products;  // features × features
  std::vector<double> with_target;
};

// `rows` is rows × features, standardised; weights are not negative and sum to 1.
NormalEquations normal_equations(std::span<const float> rows, std::size_t features,
                                 std::span<const double> target, std::span<const double> weights);

// Weights that minimise wᵀ·products·w / 2 − with_target·w + penalty · Σ|w|, from `start` on.
std::vector<double> lasso(const NormalEquations& equations, double penalty,
                          std::vector<double> start);
// The penalty from which on every weight is 0.
double largest_penalty(const NormalEquations& equations);

// Least squares over some of the features alone, with a little `ridge`: a weight for each of them.
std::vector<double> least_squares(const NormalEquations& equations,
                                  std::span<const std::size_t> chosen, double ridge);

}  // namespace facet::detail
