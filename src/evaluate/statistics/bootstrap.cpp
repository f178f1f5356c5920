// SPDX-License-Identifier: Apache-2.0
#include "evaluate/statistics/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "evaluate/named_random.hpp"

namespace facet::detail {

Interval bootstrap_over_people(std::size_t people, int resamples, std::string_view name,
                               const std::function<double(PersonWeights)>& statistic) {
  if (people == 0) return {};
  std::vector<int> weights(people, 1);
  Interval interval;
  interval.value = statistic(weights);
  std::vector<double> values;
  for (int draw = 0; draw < resamples; ++draw) {
    NamedRandom random(name, "resample " + std::to_string(draw));
    std::fill(weights.begin(), weights.end(), 0);
    for (std::size_t i = 0; i < people; ++i) ++weights[random.below(people)];
    values.push_back(statistic(weights));
  }
  interval.low = quantile(values, 0.025);
  interval.high = quantile(std::move(values), 0.975);
  return interval;
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const double at = std::clamp(q, 0.0, 1.0) * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  const double part = at - static_cast<double>(below);
  return values[below] * (1 - part) + values[above] * part;
}

}  // namespace facet::detail
