// SPDX-License-Identifier: Apache-2.0
// A linear score taken apart: what each concept, or neuron, adds to it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "explain/concept_parts.hpp"
#include "facet/explain.hpp"

namespace facet::detail {

// What is the same for all faces: concepts, and the heads of one name.
struct ExplainedHead {
  const ConceptParts& parts;
  const ConceptGroups& groups;
  const Head& head;              // the model's
  const HeadConcepts& concepts;  // of it
};

// The score from which p = 1 / (1 + exp(-(a * score + b))) reaches the threshold; ±1e6 where it
// always or never does.
float score_at(float threshold, float a, float b);

// What each concept adds to the score of an attribute, against the average face; the last one is
// that of neurons without a concept.
std::vector<double> concept_contributions(const ExplainedHead& explained, std::size_t attribute,
                                          std::span<const float> features);

// Everything but the region. `answer` is what was predicted from these features.
AttributeExplanation explain_attribute(const ExplainedHead& explained, std::size_t attribute,
                                       std::span<const float> features, const Attribute& answer);

// The fewest concepts that, moved no further than low…high, change a score by `change`; the last
// one only as far as it takes. Nothing where all together do not.
std::optional<std::vector<ConceptChange>> fewest_changes(std::span<const ConceptChange> ranges,
                                                         std::span<const double> contributions,
                                                         double change);

}  // namespace facet::detail
