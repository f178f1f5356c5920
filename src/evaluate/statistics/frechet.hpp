// SPDX-License-Identifier: Apache-2.0
// How far two sets of photos are from each other in the features of a network.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace facet::detail {

// A normal distribution: what is kept of a set's features.
struct Gaussian {
  std::vector<double> mean;
  std::vector<double> covariance;  // size × size, of the sample (divided by n - 1)
  std::size_t samples = 0;
};

// Of rows × width values, row-major. Throws Error(invalid_argument) for fewer than two rows.
Gaussian fit_gaussian(std::span<const float> values, std::size_t width);

// |m₁ - m₂|² + tr(C₁ + C₂ - 2 (C₁ C₂)^½): the squared Fréchet (2-Wasserstein) distance of two
// normal distributions. With Inception's features it would be the FID; with others it is not
// comparable with any FID. Throws Error(invalid_argument) where the sizes differ.
double frechet_distance(const Gaussian& a, const Gaussian& b);

}  // namespace facet::detail
