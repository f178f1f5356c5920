// SPDX-License-Identifier: Apache-2.0
// What teaching says to people: what was used, how good the head is, what more photos would bring.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "teach/teach.hpp"
#include "teach/teach_labels.hpp"

namespace facet::detail {

// Photos and lines that teaching had to leave out, or looked at twice.
struct TeachingRemarks {
  std::size_t faceless = 0;             // labelled photos without a face
  std::size_t unreadable = 0;           // labelled photos that could not be read
  std::size_t unlabelled = 0;           // photos that no line names
  std::size_t several_faces = 0;        // used photos with more faces than the one described
  std::vector<LabelledPath> unknown;    // lines that name no photo
  std::vector<LabelledPath> ambiguous;  // lines that name several
  std::vector<int> repeated;            // lines that say again what others said
};

// A table, then a sentence or two; ends with a newline.
std::string teaching_text(const std::string& attribute, const std::string& model,
                          const TeachingFigures& figures, const TeachingRemarks& remarks);

// From the learning curve, with its uncertainty.
std::string what_more_photos_bring(const TeachingFigures& figures);

}  // namespace facet::detail
