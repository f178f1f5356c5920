// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/short_training.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "evaluate/paper/sections.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

// The 97.5th percentile of Student's t for 1, 2, … degrees of freedom.
constexpr std::array kStudent = {12.706, 4.303, 3.182, 2.776, 2.571,
                                 2.447,  2.365, 2.306, 2.262, 2.228};

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// Of a sample: divided by n - 1.
double variance_of(std::span<const double> values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size() - 1);
}

std::vector<double> accuracies(const std::vector<AnswerCounts>& counts, PersonWeights weights) {
  std::vector<double> all;
  for (const AnswerCounts& one : counts) all.push_back(one.average(weights).accuracy);
  return all;
}

}  // namespace

std::string stages_command(const std::string& section) {
  return "facet train recipes/paper_rows.toml --data DIR --out RUN, then " +
         section_command(section) + " --stages RUN";
}

double Seeds::mean(PersonWeights weights) const {
  return counts.empty() ? 0 : mean_of(accuracies(counts, weights));
}

double Seeds::deviation() const {
  return counts.size() > 1 ? std::sqrt(variance_of(accuracies(counts, {}))) : 0;
}

double welch_half_width(std::span<const double> a, std::span<const double> b) {
  if (a.size() < 2 || b.size() < 2) return std::numeric_limits<double>::infinity();
  const double of_a = variance_of(a) / static_cast<double>(a.size());
  const double of_b = variance_of(b) / static_cast<double>(b.size());
  if (of_a + of_b == 0) return 0;
  // Whole degrees of freedom, rounded down: never too sure.
  const double freedom =
      std::pow(of_a + of_b, 2) / (of_a * of_a / static_cast<double>(a.size() - 1) +
                                  of_b * of_b / static_cast<double>(b.size() - 1));
  const auto place = static_cast<std::size_t>(std::max(1.0, std::floor(freedom + 1e-9))) - 1;
  return kStudent[std::min(place, kStudent.size() - 1)] * std::sqrt(of_a + of_b);
}

Interval SeedGain::both() const {
  return {people.value, people.value - std::hypot(people.value - people.low, seeds),
          people.value + std::hypot(people.high - people.value, seeds)};
}

SeedGain gain_between(const Seeds& with, const Seeds& without, std::string_view set) {
  if (with.counts.empty() || without.counts.empty()) {
    throw Error(ErrorCode::invalid_argument, "a difference between trainings, one of no seed");
  }
  return {bootstrap_over_people(
              with.counts.front().people(), 1000, set,
              [&](PersonWeights weights) { return with.mean(weights) - without.mean(weights); }),
          welch_half_width(accuracies(with.counts, {}), accuracies(without.counts, {}))};
}

Verdict direction_alone(Verdict verdict) {
  return verdict == Verdict::reproduced ? Verdict::partly : verdict;
}

}  // namespace facet::detail
