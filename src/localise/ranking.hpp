// SPDX-License-Identifier: Apache-2.0
// What ranks LNet's windows.
#pragma once

#include "localise/cell_value.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

// Tag evidence, or, for comparison, the paper's mean response.
enum class Ranking { evidence, response };

// What is read from a cell of `network`, LNet_o or LNet_s of the model.
inline CellValue ranking_value(const Network& network, const ModelParts& parts, Ranking ranking) {
  if (ranking == Ranking::response) {
    return CellValue::mean_response(network, parts.response_layer);
  }
  return CellValue::tag_evidence(network, parts.evidence_layer, parts.localiser.evidence_margin);
}

}  // namespace facet::detail
