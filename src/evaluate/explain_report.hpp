// SPDX-License-Identifier: Apache-2.0
// How faithful explanations are: tables, curves and what they say.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "evaluate/evaluation.hpp"
#include "explain/concept_parts.hpp"

namespace facet::detail {

inline constexpr std::array kRegionWays = {"explained", "random", "shuffled weights",
                                           "from the middle"};
inline constexpr std::array kDeletedShares = {0.05, 0.1, 0.2, 0.3};
inline constexpr std::array<std::size_t, 4> kRemovedConcepts = {1, 2, 3, 5};

// What happened to one face.
struct TestedFace {
  std::vector<float> features;  // empty: unreadable
  std::vector<float> scores;
  bool deleted = false;       // whether the rest was measured
  std::size_t attribute = 0;  // one that held
  // How far its log odds fell, and whether the answer turned, a way and a share.
  std::array<std::array<double, kDeletedShares.size()>, kRegionWays.size()> drop = {};
  std::array<std::array<double, kDeletedShares.size()>, kRegionWays.size()> turned = {};
  // By the concepts that explain it, and by random ones.
  std::array<std::array<double, kRemovedConcepts.size()>, 2> concept_turned = {};
};

struct TestedExplanations {
  const EvaluationSet& set;
  const Head& head;
  const ConceptParts& concepts;
  std::span<const TestedFace> faces;  // as the set's photos
};

// The text; with options.out also explain.csv, explain-regions.svg and explain-concepts.svg.
std::string report_explanations(const TestedExplanations& tested, const EvaluationOptions& options);

// The mean of `values` and the middle 95 of 100 means of samples drawn with replacement.
struct MeanInterval {
  double mean = 0;
  double low = 0;
  double high = 0;
};
MeanInterval bootstrap_mean(std::span<const double> values);

}  // namespace facet::detail
