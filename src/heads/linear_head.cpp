// SPDX-License-Identifier: Apache-2.0
#include "heads/linear_head.hpp"

#include <cmath>
#include <string>

#include "facet/error.hpp"

namespace facet::detail {

const Head& find_head(const ModelParts& parts, const std::string& name) {
  const auto found = parts.heads.find(name);
  if (found != parts.heads.end()) return found->second;
  std::string known;
  for (const auto& [other, head] : parts.heads) known += (known.empty() ? "" : ", ") + other;
  throw Error(ErrorCode::invalid_argument, "model " + parts.name + " has no head '" + name +
                                               "'; it has " + (known.empty() ? "none" : known));
}

namespace {

// In double: the mean of the scores is the score of the mean.
std::vector<double> exact_mean(std::span<const float> features, std::size_t patches) {
  const std::size_t size = features.size() / patches;
  std::vector<double> mean(size, 0.0);
  for (std::size_t i = 0; i < features.size(); ++i) mean[i % size] += features[i];
  for (double& value : mean) value /= static_cast<double>(patches);
  return mean;
}

}  // namespace

std::vector<float> mean_over_patches(std::span<const float> features, int patches) {
  const std::vector<double> mean = exact_mean(features, static_cast<std::size_t>(patches));
  return {mean.begin(), mean.end()};
}

std::vector<float> head_scores(const Head& head, std::span<const float> features, int patches) {
  const std::size_t count = patches > 0 ? static_cast<std::size_t>(patches) : 0;
  const std::size_t attributes = head.attributes.size();
  if (count == 0 || features.empty() || features.size() % count != 0 ||
      head.weight.size() != attributes * (features.size() / count) ||
      head.bias.size() != attributes) {
    throw Error(ErrorCode::bad_model, "head " + head.name + " does not fit " +
                                          std::to_string(features.size()) + " features of " +
                                          std::to_string(patches) + " patches");
  }
  const std::vector<double> mean = exact_mean(features, count);
  const std::size_t size = mean.size();
  std::vector<float> scores(attributes);
  for (std::size_t j = 0; j < attributes; ++j) {
    double score = head.bias[j];
    for (std::size_t i = 0; i < size; ++i) score += head.weight[j * size + i] * mean[i];
    scores[j] = static_cast<float>(score);
  }
  return scores;
}

std::vector<Attribute> calibrate(const Head& head, std::span<const float> scores,
                                 ThresholdMode mode) {
  const std::vector<float>& threshold =
      mode == ThresholdMode::balanced ? head.threshold_balanced : head.threshold;
  const std::size_t attributes = head.attributes.size();
  if (scores.size() != attributes || head.calibration_a.size() != attributes ||
      head.calibration_b.size() != attributes || threshold.size() != attributes) {
    throw Error(ErrorCode::bad_model,
                "head " + head.name + " lacks calibration or thresholds of its attributes");
  }
  std::vector<Attribute> values(attributes);
  for (std::size_t j = 0; j < attributes; ++j) {
    const double exponent = static_cast<double>(head.calibration_a[j]) * scores[j] +
                            static_cast<double>(head.calibration_b[j]);
    values[j].name = head.attributes[j];
    values[j].threshold = threshold[j];
    values[j].probability = static_cast<float>(1.0 / (1.0 + std::exp(-exponent)));
    values[j].present = values[j].probability >= threshold[j];
  }
  return values;
}

}  // namespace facet::detail
