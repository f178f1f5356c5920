// SPDX-License-Identifier: Apache-2.0
// Linear heads on given features whose answers about a photo come from a head that has not seen its
// person (cross-fitting): what a teacher says must not be what the label said.
#pragma once

#include <torch/torch.h>

#include <vector>

namespace facet::training {

constexpr int kChoosing = -1;  // rows that choose: no head learns from them
constexpr int kAsked = -2;     // rows that are only answered

struct CrossFitRows {
  torch::Tensor features;  // [rows, features], any real type
  torch::Tensor labels;    // [rows, attributes] of 1, 0, -1 (unknown), float32; asked rows: any
  std::vector<int> folds;  // of each row: 0…folds-1, kChoosing or kAsked
};

struct CrossFitSettings {
  int folds = 5;
  // Ridge penalties tried, in shares of the rows that teach, features being of unit variance; what
  // is right most often on the rows that choose wins. The first one where there are none.
  std::vector<float> penalties = {0.01F, 0.1F, 1.0F};
};

struct CrossFit {
  torch::Tensor probabilities;  // [rows, attributes]
  float penalty = 0;            // the one that won
  std::vector<float> accuracy;  // percent, of each attribute, on the rows that choose
  std::vector<float> balanced;  // the mean of both classes
};

// Answers about a row of fold k come from the other folds' rows, about all others from all folds.
// Probabilities are calibrated on those answers. Throws Error(invalid_argument) where a fold is
// empty.
CrossFit cross_fit(const CrossFitRows& rows, const CrossFitSettings& settings);

// The slope and offset of the logistic curve that makes `scores` probabilities of `labels` (1, 0,
// -1 unknown), each [rows].
struct LogisticCurve {
  float slope = 0;
  float offset = 0;
};
LogisticCurve fit_logistic_curve(const torch::Tensor& scores, const torch::Tensor& labels);

}  // namespace facet::training
