// SPDX-License-Identifier: Apache-2.0
// Heads that read few neurons and decide as the full head does (paper, section 4: each attribute
// is a sparse linear combination of concepts).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/model_parts.hpp"

namespace facet::detail {

// Features and labels of photos; some fit, the others, of other people, choose.
struct SparseLesson {
  std::size_t neurons = 0;
  std::vector<float> features;      // photos × neurons
  std::vector<std::int8_t> labels;  // photos × attributes of the head: 1, 0, or -1 unknown
  std::vector<bool> chooses;        // a photo

  [[nodiscard]] std::size_t photos() const { return chooses.size(); }
};

struct SparseSettings {
  float most_neurons = 0.1F;    // of all, as a share
  float kept_balanced = 0.99F;  // of the full head's balanced accuracy, at least
  int threads = 1;              // the result does not depend on it
};

struct SparseAttribute {
  std::vector<float> weight;  // one a neuron, most of them 0
  float bias = 0;
  float a = 1;  // calibration
  float b = 0;
  std::size_t neurons = 0;   // that it reads
  double balanced = 0;       // on the photos that choose, 0…1, …
  double full_balanced = 0;  // … and the full head's
  double agreement = 0;      // share of these photos on which both say the same
  bool reached = false;      // kept_balanced, within most_neurons
};

// How good heads of at most a share of the neurons are: the mean over attributes of the best so
// small, relative to the full head.
struct SparsePoint {
  double share = 0;     // of the neurons, at most
  double balanced = 0;  // of the full head's balanced accuracy
};

struct SparseHeads {
  std::vector<SparseAttribute> attributes;
  std::vector<SparsePoint> curve;
};

// For each attribute of the head the smallest set of neurons, by L1, that keeps so much; where none
// does, the best within the limit. Throws Error(invalid_argument) where nobody fits or chooses.
SparseHeads fit_sparse_heads(const SparseLesson& lesson, const Head& head,
                             const SparseSettings& settings);

}  // namespace facet::detail
