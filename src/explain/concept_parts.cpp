// SPDX-License-Identifier: Apache-2.0
#include "explain/concept_parts.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>

#include "base/sha256.hpp"

namespace facet::detail {

ConceptGroups concept_groups(const ConceptParts& parts) {
  const std::size_t attributes = parts.attributes.size();
  std::vector<int> place(2 * attributes, -1);  // attribute by attribute: with, against
  std::vector<int> key(parts.mean.size(), -1);
  for (std::size_t i = 0; i < parts.mean.size(); ++i) {
    const auto row = std::span(parts.correlation).subspan(i * attributes, attributes);
    const auto most = std::max_element(row.begin(), row.end(),
                                       [](float a, float b) { return std::abs(a) < std::abs(b); });
    if (std::abs(*most) < kLeastCorrelation) continue;
    key[i] = static_cast<int>(2 * (most - row.begin())) + (*most < 0 ? 1 : 0);
    place[static_cast<std::size_t>(key[i])] = 0;
  }
  ConceptGroups groups;
  for (std::size_t k = 0; k < place.size(); ++k) {
    if (place[k] < 0) continue;
    place[k] = static_cast<int>(groups.concepts.size());
    groups.concepts.push_back({static_cast<int>(k / 2), k % 2 == 0});
  }
  for (const int k : key) {
    groups.of_neuron.push_back(k < 0 ? -1 : place[static_cast<std::size_t>(k)]);
  }
  return groups;
}

std::string concept_name(const ConceptParts& parts, const Concept& concept_of) {
  const std::string& name = parts.attributes.at(static_cast<std::size_t>(concept_of.attribute));
  return concept_of.with ? name : "not " + name;
}

std::string head_checksum(const Head& head) {
  Sha256 hash;
  for (const auto* values : {&head.weight, &head.bias, &head.calibration_a, &head.calibration_b}) {
    hash.update(std::as_bytes(std::span(*values)));
  }
  return hash.finish();
}

}  // namespace facet::detail
