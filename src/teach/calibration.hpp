// SPDX-License-Identifier: Apache-2.0
// From SVM scores to probabilities that can be trusted (Platt 1999).
#pragma once

#include <cstdint>
#include <span>

namespace facet::detail {

// p = 1 / (1 + exp(-(a * score + b)))
struct Logistic {
  float a = 1;
  float b = 0;
  [[nodiscard]] float operator()(float score) const;
};

// Fits by maximum likelihood with Platt's smoothed targets; targets 1, 0, or -1 (left out). With
// one class alone the slope is 0 and the probability that of the class.
Logistic fit_logistic(std::span<const float> scores, std::span<const std::int8_t> targets);

// The same slope, with the b at which the mean probability is the share of targets that are 1 (of
// those known; one of each kind is added to them, so that nothing is certain).
Logistic match_share(Logistic logistic, std::span<const float> scores,
                     std::span<const std::int8_t> targets);

}  // namespace facet::detail
