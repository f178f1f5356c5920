// SPDX-License-Identifier: Apache-2.0
// LNet_s: a second look at windows, at a few sizes around each.
#pragma once

#include <span>
#include <vector>

#include "localise/image_halvings.hpp"
#include "localise/lnet.hpp"
#include "localise/look.hpp"
#include "localise/ranking.hpp"
#include "localise/window.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

class Refiner {
 public:
  // `parts` (which has an lnet_s) must outlive it.
  Refiner(const ModelParts& parts, Ranking ranking, Precision precision);

  // Moves and sizes each window to LNet_s's evidence peak, sets evidence_s and the score:
  // (1 - w) * evidence_o + w * evidence_s, in plain units of evidence and thus comparable across
  // photos.
  void refine(ImageHalvings& photo, std::span<Window> windows, Look look = Look::exact);

 private:
  // Maps of one window, one a size.
  void refine_window(std::span<const CellMap> maps, std::span<const float> sizes,
                     const ImageHalvings& photo, Window& window) const;

  LNet lnet_s_;
  CellValue value_;
  const LocaliserSettings* settings_;
  std::vector<float> sizes_;  // refine_scales, ascending
};

}  // namespace facet::detail
