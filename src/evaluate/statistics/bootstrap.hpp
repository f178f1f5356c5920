// SPDX-License-Identifier: Apache-2.0
// How far a figure would move with other people: photos of one person are alike, so people are
// drawn, not photos.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace facet::detail {

// A figure and the middle 95 % of it over resamples.
struct Interval {
  double value = 0;
  double low = 0;
  double high = 0;
};

// How often each person counts: once in the figure itself, as often as it was drawn in a resample.
using PersonWeights = std::span<const int>;

// Draws as many people as there are, with replacement, `resamples` times, and takes the 2.5th and
// 97.5th percentile of the statistic. The draws depend on `name` alone, so that two figures of the
// same people and name are drawn alike and can be subtracted. Without people all three are 0.
Interval bootstrap_over_people(std::size_t people, int resamples, std::string_view name,
                               const std::function<double(PersonWeights)>& statistic);

// The q-th quantile (0…1) of values, interpolated between neighbours; 0 for none.
double quantile(std::vector<double> values, double q);

}  // namespace facet::detail
