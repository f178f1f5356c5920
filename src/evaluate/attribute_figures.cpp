// SPDX-License-Identifier: Apache-2.0
#include "evaluate/attribute_figures.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "evaluate/named_random.hpp"

namespace facet::detail {
namespace {

double share(std::size_t part, std::size_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
}

}  // namespace

AttributeFigures measure_answers(std::span<const Answer> answers) {
  std::size_t positives = 0;
  std::size_t true_positives = 0;
  std::size_t true_negatives = 0;
  for (const Answer& answer : answers) {
    if (answer.label) ++positives;
    if (answer.label && answer.present) ++true_positives;
    if (!answer.label && !answer.present) ++true_negatives;
  }
  const std::size_t negatives = answers.size() - positives;
  AttributeFigures figures;
  figures.photos = answers.size();
  figures.positives = share(positives, answers.size());
  figures.accuracy = share(true_positives + true_negatives, answers.size());
  if (positives == 0 || negatives == 0) {
    figures.balanced = figures.accuracy;
  } else {
    figures.balanced = (share(true_positives, positives) + share(true_negatives, negatives)) / 2;
  }
  figures.majority = share(std::max(positives, negatives), answers.size());
  figures.calibration_error = calibration_error(answers);
  figures.calibration_error_by_chance = calibration_error_by_chance(answers);
  return figures;
}

std::vector<ReliabilityBin> reliability(std::span<const Answer> answers, std::size_t bins) {
  std::vector<ReliabilityBin> sorted(bins);
  for (const Answer& answer : answers) {
    const double probability = std::clamp(static_cast<double>(answer.probability), 0.0, 1.0);
    const auto place = static_cast<std::size_t>(probability * static_cast<double>(bins));
    ReliabilityBin& bin = sorted[std::min(place, bins - 1)];
    ++bin.answers;
    bin.probability += probability;
    bin.positives += answer.label ? 1.0 : 0.0;
  }
  for (ReliabilityBin& bin : sorted) {
    if (bin.answers == 0) continue;
    bin.probability /= static_cast<double>(bin.answers);
    bin.positives /= static_cast<double>(bin.answers);
  }
  return sorted;
}

double calibration_error(std::span<const Answer> answers, std::size_t bins) {
  if (answers.empty()) return 0;
  double sum = 0;
  for (const ReliabilityBin& bin : reliability(answers, bins)) {
    sum += static_cast<double>(bin.answers) * std::abs(bin.probability - bin.positives);
  }
  return sum / static_cast<double>(answers.size());
}

double calibration_error_by_chance(std::span<const Answer> answers, std::size_t bins) {
  constexpr int kDraws = 20;
  std::vector<Answer> drawn(answers.begin(), answers.end());
  double sum = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    NamedRandom random("calibration by chance", std::to_string(draw));
    for (Answer& answer : drawn) {
      answer.label = random.unit() < static_cast<double>(answer.probability);
    }
    sum += calibration_error(drawn, bins);
  }
  return sum / kDraws;
}

AttributeFigures average(std::span<const AttributeFigures> figures) {
  AttributeFigures mean;
  if (figures.empty()) return mean;
  for (const AttributeFigures& one : figures) {
    mean.photos = std::max(mean.photos, one.photos);
    mean.positives += one.positives;
    mean.accuracy += one.accuracy;
    mean.balanced += one.balanced;
    mean.majority += one.majority;
    mean.calibration_error += one.calibration_error;
    mean.calibration_error_by_chance += one.calibration_error_by_chance;
  }
  const auto count = static_cast<double>(figures.size());
  mean.positives /= count;
  mean.accuracy /= count;
  mean.balanced /= count;
  mean.majority /= count;
  mean.calibration_error /= count;
  mean.calibration_error_by_chance /= count;
  return mean;
}

}  // namespace facet::detail
