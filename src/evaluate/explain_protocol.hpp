// SPDX-License-Identifier: Apache-2.0
// Are explanations faithful? Measured on people whom neither the networks nor the concepts have
// seen: loose crops of CelebA's test part.
#pragma once

#include "evaluate/evaluation.hpp"

namespace facet::detail {

// Throws Error(not_found) where the options hold no concepts.
EvaluationResult evaluate_explanations(const EvaluationOptions& options);

}  // namespace facet::detail
