// SPDX-License-Identifier: Apache-2.0
// Linear heads on ANet's features (paper: one SVM an attribute), and their calibration.
#pragma once

#include <span>
#include <vector>

#include "facet/prediction.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

// The head of that name; throws Error(invalid_argument) that names those there are.
const Head& find_head(const ModelParts& parts, const std::string& name);

// The mean of a face's feature vectors, `features` being patches × features.
std::vector<float> mean_over_patches(std::span<const float> features, int patches);

// Scores of one face, one an attribute: the mean over its patches of weight · feature + bias.
// `features` is patches × features. Throws Error(bad_model) where the head does not fit them.
std::vector<float> head_scores(const Head& head, std::span<const float> features, int patches);

// p = 1 / (1 + exp(-(a * score + b))), present where p >= the attribute's threshold of that mode.
std::vector<Attribute> calibrate(const Head& head, std::span<const float> scores,
                                 ThresholdMode mode = ThresholdMode::accuracy);

}  // namespace facet::detail
