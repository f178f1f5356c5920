// SPDX-License-Identifier: Apache-2.0
#include "explain/attribute_terms.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace facet::detail {
namespace {

constexpr float kFarScore = 1e6F;
constexpr float kUnsure = 0.1F;        // from the threshold
constexpr std::size_t kMostLinks = 5;  // that a neuron is described by
constexpr float kLeastLink = 0.1F;     // correlation

std::span<const float> row_of(const std::vector<float>& matrix, std::size_t row,
                              std::size_t columns) {
  return std::span(matrix).subspan(row * columns, columns);
}

std::vector<AttributeLink> links_of(const ConceptParts& parts, std::size_t neuron) {
  const auto row = row_of(parts.correlation, neuron, parts.attributes.size());
  std::vector<std::size_t> order(row.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(row[a]) > std::abs(row[b]);
  });
  std::vector<AttributeLink> links;
  for (const std::size_t i : order) {
    if (links.size() == kMostLinks || std::abs(row[i]) < kLeastLink) break;
    links.push_back({parts.attributes[i], row[i]});
  }
  return links;
}

double average_score(std::span<const float> weight, const ConceptParts& parts, float bias) {
  double score = bias;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    score += static_cast<double>(weight[i]) * parts.mean[i];
  }
  return score;
}

double neuron_contribution(std::span<const float> weight, const ConceptParts& parts,
                           std::span<const float> features, std::size_t neuron) {
  return static_cast<double>(weight[neuron]) *
         (static_cast<double>(features[neuron]) - parts.mean[neuron]);
}

SparseTerms sparse_terms(const ExplainedHead& explained, std::size_t attribute,
                         std::span<const float> features, const Attribute& answer) {
  const ConceptParts& parts = explained.parts;
  const HeadConcepts& concepts = explained.concepts;
  const auto weight = row_of(concepts.sparse_weight, attribute, parts.mean.size());
  SparseTerms sparse;
  sparse.total_neurons = parts.neurons();
  sparse.average_score =
      static_cast<float>(average_score(weight, parts, concepts.sparse_bias[attribute]));
  double score = sparse.average_score;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    if (weight[i] == 0) continue;
    NeuronTerm term;
    term.neuron = static_cast<int>(i);
    const int group = explained.groups.of_neuron[i];
    if (group >= 0) {
      term.concept_name =
          concept_name(parts, explained.groups.concepts[static_cast<std::size_t>(group)]);
    }
    term.goes_with = links_of(parts, i);
    term.response = parts.deviation[i] > 0 ? (features[i] - parts.mean[i]) / parts.deviation[i] : 0;
    term.weight = weight[i];
    term.contribution = static_cast<float>(neuron_contribution(weight, parts, features, i));
    score += term.contribution;
    sparse.neurons.push_back(std::move(term));
  }
  std::stable_sort(sparse.neurons.begin(), sparse.neurons.end(),
                   [](const NeuronTerm& a, const NeuronTerm& b) {
                     return std::abs(a.contribution) > std::abs(b.contribution);
                   });
  const float a = concepts.sparse_a[attribute];
  const float b = concepts.sparse_b[attribute];
  sparse.score = static_cast<float>(score);
  sparse.threshold_score = score_at(answer.threshold, a, b);
  sparse.probability = static_cast<float>(1 / (1 + std::exp(-(a * score + b))));
  sparse.present = sparse.probability >= answer.threshold;
  sparse.agrees = sparse.present == answer.present;
  return sparse;
}

std::vector<ConceptTerm> concept_terms(const ExplainedHead& explained, std::size_t attribute,
                                       std::span<const float> features,
                                       std::span<const double> contributions) {
  const ConceptGroups& groups = explained.groups;
  const auto weight = row_of(explained.head.weight, attribute, features.size());
  std::vector<ConceptTerm> terms(groups.concepts.size());
  std::vector<double> most(terms.size(), 0);
  std::vector<double> importance(terms.size(), 0);
  std::vector<double> response(terms.size(), 0);
  for (std::size_t k = 0; k < terms.size(); ++k) {
    terms[k].name = concept_name(explained.parts, groups.concepts[k]);
    terms[k].contribution = static_cast<float>(contributions[k]);
  }
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (groups.of_neuron[i] < 0) continue;
    const auto k = static_cast<std::size_t>(groups.of_neuron[i]);
    ++terms[k].neurons;
    importance[k] += std::abs(weight[i]) * static_cast<double>(explained.parts.deviation[i]);
    response[k] +=
        std::abs(weight[i]) * (static_cast<double>(features[i]) - explained.parts.mean[i]);
    const double towards =
        neuron_contribution(weight, explained.parts, features, i) * (contributions[k] < 0 ? -1 : 1);
    if (terms[k].leading_neuron < 0 || towards > most[k]) {
      terms[k].leading_neuron = static_cast<int>(i);
      most[k] = towards;
    }
  }
  for (std::size_t k = 0; k < terms.size(); ++k) {
    if (importance[k] > 0) terms[k].response = static_cast<float>(response[k] / importance[k]);
  }
  std::stable_sort(terms.begin(), terms.end(), [](const ConceptTerm& a, const ConceptTerm& b) {
    return std::abs(a.contribution) > std::abs(b.contribution);
  });
  return terms;
}

}  // namespace

float score_at(float threshold, float a, float b) {
  const double odds =
      std::log(static_cast<double>(threshold) / (1 - static_cast<double>(threshold)));
  const double score = (odds - b) / a;
  if (std::isfinite(score)) {
    return static_cast<float>(std::clamp<double>(score, -kFarScore, kFarScore));
  }
  return odds <= b ? -kFarScore : kFarScore;
}

std::vector<double> concept_contributions(const ExplainedHead& explained, std::size_t attribute,
                                          std::span<const float> features) {
  const ConceptGroups& groups = explained.groups;
  const auto weight = row_of(explained.head.weight, attribute, features.size());
  std::vector<double> sums(groups.concepts.size() + 1, 0.0);
  for (std::size_t i = 0; i < features.size(); ++i) {
    const std::size_t k = groups.of_neuron[i] < 0 ? groups.concepts.size()
                                                  : static_cast<std::size_t>(groups.of_neuron[i]);
    sums[k] += neuron_contribution(weight, explained.parts, features, i);
  }
  return sums;
}

std::optional<std::vector<ConceptChange>> fewest_changes(std::span<const ConceptChange> ranges,
                                                         std::span<const double> contributions,
                                                         double change) {
  const bool up = change > 0;
  // How far each concept can go in that direction.
  std::vector<double> room;
  for (std::size_t k = 0; k < ranges.size(); ++k) {
    const double end = up ? ranges[k].to : ranges[k].from;
    room.push_back(std::max(0.0, up ? end - contributions[k] : contributions[k] - end));
  }
  std::vector<std::size_t> order(ranges.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return room[a] > room[b]; });
  std::vector<ConceptChange> changes;
  double left = std::abs(change);
  for (const std::size_t k : order) {
    if (room[k] <= 0) break;
    const double step = std::min(left, room[k]);
    changes.push_back({ranges[k].name, static_cast<float>(contributions[k]),
                       static_cast<float>(contributions[k] + (up ? step : -step))});
    left -= step;
    if (left <= 1e-9) return changes;
  }
  return std::nullopt;
}

AttributeExplanation explain_attribute(const ExplainedHead& explained, std::size_t attribute,
                                       std::span<const float> features, const Attribute& answer) {
  const ConceptParts& parts = explained.parts;
  const Head& head = explained.head;
  AttributeExplanation result;
  result.name = answer.name;
  result.probability = answer.probability;
  result.threshold = answer.threshold;
  result.present = answer.present;
  result.unsure = std::abs(answer.probability - answer.threshold) < kUnsure;
  const auto weight = row_of(head.weight, attribute, features.size());
  const double average = average_score(weight, parts, head.bias[attribute]);
  const std::vector<double> sums = concept_contributions(explained, attribute, features);
  result.average_score = static_cast<float>(average);
  result.score = static_cast<float>(std::accumulate(sums.begin(), sums.end(), average));
  result.threshold_score =
      score_at(answer.threshold, head.calibration_a[attribute], head.calibration_b[attribute]);
  result.concepts = concept_terms(explained, attribute, features, sums);
  result.rest = static_cast<float>(sums.back());
  result.sparse = sparse_terms(explained, attribute, features, answer);

  const std::size_t count = explained.groups.concepts.size();
  const auto low = row_of(explained.concepts.concept_low, attribute, count);
  const auto high = row_of(explained.concepts.concept_high, attribute, count);
  std::vector<ConceptChange> ranges;
  for (std::size_t k = 0; k < count; ++k) {
    ranges.push_back({concept_name(parts, explained.groups.concepts[k]), low[k], high[k]});
  }
  result.flip = fewest_changes(ranges, std::span(sums).first(count),
                               static_cast<double>(result.threshold_score) - result.score);
  return result;
}

}  // namespace facet::detail
