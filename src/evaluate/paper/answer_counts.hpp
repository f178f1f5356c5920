// SPDX-License-Identifier: Apache-2.0
// Right and wrong answers, counted by person, so that figures can be computed again for any people.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "evaluate/statistics/bootstrap.hpp"

namespace facet::detail {

// Shares, 0…1.
struct AttributeScore {
  double accuracy = 0;
  double balanced = 0;  // mean of true positive and true negative rate; where the labels are all
                        // alike, the one rate that exists
  double error = 0;     // 1 - accuracy
  double f1 = 0;        // 0 where no answer is rightly positive
  double said = 0;      // share of positive answers
  double labelled = 0;  // share of positive labels
};

class AnswerCounts {
 public:
  AnswerCounts(std::size_t people, std::size_t attributes);

  void add(std::size_t person, std::size_t attribute, bool said, bool label);

  [[nodiscard]] std::size_t people() const { return people_; }
  [[nodiscard]] std::size_t attributes() const { return attributes_; }
  // With every person once, or as often as the weights say.
  [[nodiscard]] AttributeScore score(std::size_t attribute, PersonWeights weights = {}) const;
  // The plain mean over attributes.
  [[nodiscard]] AttributeScore average(PersonWeights weights = {}) const;

 private:
  struct Cell {
    std::uint32_t right_positive = 0;
    std::uint32_t right_negative = 0;
    std::uint32_t wrong_positive = 0;  // said, but not labelled
    std::uint32_t wrong_negative = 0;
  };
  std::size_t people_;
  std::size_t attributes_;
  std::vector<Cell> cells_;  // people × attributes
};

// 95 % over people; two AnswerCounts of the same people and `name` are drawn alike.
Interval interval_of(const AnswerCounts& counts, double AttributeScore::*figure,
                     std::string_view name, int resamples = 1000);
// Of one attribute.
Interval interval_of(const AnswerCounts& counts, std::size_t attribute,
                     double AttributeScore::*figure, std::string_view name, int resamples = 1000);
// Of the difference a - b on the same people.
Interval interval_of_difference(const AnswerCounts& a, const AnswerCounts& b,
                                double AttributeScore::*figure, std::string_view name,
                                int resamples = 1000);

}  // namespace facet::detail
