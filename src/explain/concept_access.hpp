// SPDX-License-Identifier: Apache-2.0
// What the library's own rooms see of concepts.
#pragma once

#include <memory>
#include <utility>

#include "explain/concept_parts.hpp"
#include "facet/explain.hpp"

namespace facet::detail {

struct ConceptAccess {
  static const ConceptParts& parts(const Concepts& concepts) { return *concepts.parts_; }
  static std::shared_ptr<const Concepts> make(ConceptParts parts) {
    return std::make_shared<const Concepts>(
        Concepts(std::make_shared<const ConceptParts>(std::move(parts))));
  }
};

inline const ConceptParts& parts_of(const Concepts& concepts) {
  return ConceptAccess::parts(concepts);
}

// Whether the concepts are this model's; else throws Error(bad_model) that names both.
void check_fit(const ConceptParts& concepts, const ModelParts& model);

}  // namespace facet::detail
