// SPDX-License-Identifier: Apache-2.0
// How much an attribute's best neurons tell alone, and what a single one tells (figure 10).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "evaluate/paper/attribute_planes.hpp"

namespace facet::detail {

// One rule for all that figure 10 compares: a number (an SVM's score, or the response of a single
// neuron) is cut at the threshold, and on the side of it, of the best balanced accuracy on the
// people who teach. The others are measured.
struct SetHalves {
  explicit SetHalves(const PaperSet& set);
  std::vector<std::size_t> teach;      // photos of people of even number
  std::vector<std::size_t> others;     // those of odd number
  std::vector<std::size_t> person_of;  // of each of the others, 0 … people - 1
  std::size_t people = 0;
};

constexpr double kNeuronCost = 3;  // of all SVMs here

// Answers about the others, by planes fitted to those who teach.
AnswerCounts answer_at_cuts(const AttributePlanes& planes, const StoredRows& features,
                            const SetHalves& halves, const PaperSet& set);

constexpr std::array kNeuronShares = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0};
constexpr std::size_t kTenth = 3;  // the place of 0.1 among them

// Answers about the others.
struct FewNeurons {
  std::size_t width = 0;               // neurons there are
  std::vector<AnswerCounts> by_share;  // an entry a share; the last by all neurons
  AnswerCounts single;                 // by each attribute's best neuron
};

// An attribute's best neurons are those of the largest weights, in units of their spread, of the
// SVM that reads all; another SVM is fitted to them alone, at least one. The best single neuron is
// the one that tells most of those who teach.
FewNeurons few_neurons(const StoredRows& features, const PaperSet& set, int threads);

// What is kept of the balanced accuracy above chance (0.5) of `all`: 1 for all of it.
Interval kept_above_chance(const AnswerCounts& some, const AnswerCounts& all, std::string_view name,
                           int resamples = 1000);

}  // namespace facet::detail
