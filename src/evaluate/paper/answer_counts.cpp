// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/answer_counts.hpp"

#include <string>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : 0.0;
}

}  // namespace

AnswerCounts::AnswerCounts(std::size_t people, std::size_t attributes)
    : people_(people), attributes_(attributes), cells_(people * attributes) {
}

void AnswerCounts::add(std::size_t person, std::size_t attribute, bool said, bool label) {
  Cell& cell = cells_.at(person * attributes_ + attribute);
  if (label) {
    ++(said ? cell.right_positive : cell.wrong_negative);
  } else {
    ++(said ? cell.wrong_positive : cell.right_negative);
  }
}

AttributeScore AnswerCounts::score(std::size_t attribute, PersonWeights weights) const {
  double right_positive = 0;
  double right_negative = 0;
  double wrong_positive = 0;
  double wrong_negative = 0;
  for (std::size_t person = 0; person < people_; ++person) {
    const double times = weights.empty() ? 1 : weights[person];
    if (times == 0) continue;
    const Cell& cell = cells_[person * attributes_ + attribute];
    right_positive += times * cell.right_positive;
    right_negative += times * cell.right_negative;
    wrong_positive += times * cell.wrong_positive;
    wrong_negative += times * cell.wrong_negative;
  }
  const double positives = right_positive + wrong_negative;
  const double negatives = right_negative + wrong_positive;
  const double all = positives + negatives;
  AttributeScore score;
  score.accuracy = ratio(right_positive + right_negative, all);
  score.error = all > 0 ? 1 - score.accuracy : 0;
  score.balanced = positives > 0 && negatives > 0
                       ? (ratio(right_positive, positives) + ratio(right_negative, negatives)) / 2
                       : score.accuracy;
  score.f1 = ratio(2 * right_positive, 2 * right_positive + wrong_positive + wrong_negative);
  score.said = ratio(right_positive + wrong_positive, all);
  score.labelled = ratio(positives, all);
  return score;
}

AttributeScore AnswerCounts::average(PersonWeights weights) const {
  AttributeScore mean;
  for (std::size_t attribute = 0; attribute < attributes_; ++attribute) {
    const AttributeScore one = score(attribute, weights);
    for (double AttributeScore::*figure :
         {&AttributeScore::accuracy, &AttributeScore::balanced, &AttributeScore::error,
          &AttributeScore::f1, &AttributeScore::said, &AttributeScore::labelled}) {
      mean.*figure += one.*figure / static_cast<double>(attributes_);
    }
  }
  return mean;
}

Interval interval_of(const AnswerCounts& counts, double AttributeScore::*figure,
                     std::string_view name, int resamples) {
  return bootstrap_over_people(counts.people(), resamples, name, [&](PersonWeights weights) {
    return counts.average(weights).*figure;
  });
}

Interval interval_of(const AnswerCounts& counts, std::size_t attribute,
                     double AttributeScore::*figure, std::string_view name, int resamples) {
  return bootstrap_over_people(counts.people(), resamples, name, [&](PersonWeights weights) {
    return counts.score(attribute, weights).*figure;
  });
}

Interval interval_of_difference(const AnswerCounts& a, const AnswerCounts& b,
                                double AttributeScore::*figure, std::string_view name,
                                int resamples) {
  if (a.people() != b.people()) {
    throw Error(ErrorCode::invalid_argument, "a difference between " + std::to_string(a.people()) +
                                                 " people and " + std::to_string(b.people()));
  }
  return bootstrap_over_people(a.people(), resamples, name, [&](PersonWeights weights) {
    return a.average(weights).*figure - b.average(weights).*figure;
  });
}

}  // namespace facet::detail
