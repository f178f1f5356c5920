// SPDX-License-Identifier: Apache-2.0
// Explanations as text: for people, as JSON, and as a page.
#pragma once

#include <span>
#include <string>

#include "facet/api.hpp"
#include "facet/explain.hpp"
#include "facet/prediction.hpp"
#include "facet/report.hpp"

namespace facet {

// One plain sentence: "labelled as: young, smiling, with bangs and brown hair; unsure about wavy
// hair". Unsure: the probability is within 0.1 of the threshold. "labelled as: nothing" where no
// attribute holds.
FACET_API std::string labels_sentence(const Face& face);

// For people: a sentence a face, then each explained attribute.
FACET_API std::string explanation_to_text(const PhotoExplanation& explanation);

// As to_json() of the photos, each face with "sentence", "square" and "explanations"
// (docs/explain.md).
FACET_API std::string explanations_to_json(std::span<const PhotoExplanation> explanations,
                                           const ReportContext& context);
// One photo as an element of "images".
FACET_API std::string explanation_to_json(const PhotoExplanation& explanation);

// One page that holds all it shows: no network is asked. It contains the faces that were cut from
// the photos (ExplainOptions::view_side), so it is as private as they are.
FACET_API std::string explanations_to_html(std::span<const PhotoExplanation> explanations,
                                           const ReportContext& context, const Concepts& concepts);

}  // namespace facet
