// SPDX-License-Identifier: Apache-2.0
// How good answers about attributes are.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace facet::detail {

// What was said about one attribute of one face, and what the label says.
struct Answer {
  float probability = 0;  // that the attribute is present
  bool present = false;
  bool label = false;
};

struct AttributeFigures {
  std::size_t photos = 0;
  double positives = 0;  // share of positive labels
  double accuracy = 0;   // all shares are 0…1
  double balanced = 0;   // mean of true positive and true negative rate; where the labels are all
                         // alike, the one rate that exists
  double majority = 0;   // accuracy of always giving the more frequent label of this very set
  double calibration_error = 0;
  double calibration_error_by_chance = 0;  // of perfect probabilities on so few photos
};

// Zeros for no answers.
AttributeFigures measure_answers(std::span<const Answer> answers);

// Expected calibration error: answers are sorted into equal bins of the probability; the mean over
// answers of |mean probability - share of positive labels| of their bin.
double calibration_error(std::span<const Answer> answers, std::size_t bins = 15);

// What calibration_error would be, on average over random labels, if each label were present with
// exactly the probability answered: few photos show an error even then. Deterministic.
double calibration_error_by_chance(std::span<const Answer> answers, std::size_t bins = 15);

// Answers of about the same probability.
struct ReliabilityBin {
  std::size_t answers = 0;
  double probability = 0;  // their mean
  double positives = 0;    // share of positive labels among them
};

// The bins that calibration_error looks at; empty ones are there too.
std::vector<ReliabilityBin> reliability(std::span<const Answer> answers, std::size_t bins = 15);

// The plain mean over attributes of each figure.
AttributeFigures average(std::span<const AttributeFigures> figures);

}  // namespace facet::detail
