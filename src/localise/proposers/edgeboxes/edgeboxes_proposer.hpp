// SPDX-License-Identifier: Apache-2.0
// Faces the paper's way (3.1), complete:
//
//   photo ─► edges ─► EdgeBoxes' 500 windows ─► LNet_o's mean response inside each ─► the strongest
//         ─► LNet_s's mean response inside each of these ─► density peaks ─► faces
//
// Our C5 is loud where there is no face: all its channels respond there, and vote against every
// tag. So its channels are averaged by their votes for tags. And the mean inside a window alone
// is highest in the middle of a face: so the mean around the window is taken off, and its size is
// the square of its longer side, for slices of a face would win otherwise. A window is a box as it
// stands: the model's four numbers belong to LNet's own square windows.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "localise/lnet.hpp"
#include "localise/proposers/edgeboxes/plugin_loader.hpp"
#include "localise/proposers/edgeboxes/response_sums.hpp"
#include "localise/proposers/proposer.hpp"
#include "localise/ranking.hpp"

namespace facet::detail {

class EdgeBoxesProposer final : public Proposer {
 public:
  // `parts` and `lnet_o`, which is its network, must outlive it. Ranking::response is the paper's
  // score to the letter, for comparison: all channels alike, over the window's area. Throws
  // Error(unsupported) where the plugin cannot be loaded.
  EdgeBoxesProposer(const ModelParts& parts, LNet& lnet_o, Ranking ranking, Precision precision);

  // Where one is wanted in any case and EdgeBoxes proposes none, the whole photo is a window.
  std::vector<ScoredBox> boxes(ImageHalvings& photo, const FaceRequest& request) override;

 private:
  // How much more a map responds inside the window than around it, over its size; or, to the
  // letter of the paper, the mean inside.
  [[nodiscard]] float score(const ResponseSums& sums, const Box& window) const;
  // Of the windows those with the highest score by LNet_o, strongest first, some of every place.
  [[nodiscard]] std::vector<ScoredBox> strongest(const std::vector<Box>& windows,
                                                 std::span<const ScaleMap> maps) const;
  // Adds LNet_s's scores to these, weighted as its evidence is elsewhere.
  void look_closer(ImageHalvings& photo, std::vector<ScoredBox>& windows);

  const LocaliserSettings* settings_;
  Ranking ranking_;
  EdgeBoxesPlugin plugin_;
  LNet* lnet_o_;
  CellValue response_o_;
  std::optional<LNet> lnet_s_;
  std::optional<CellValue> response_s_;
};

}  // namespace facet::detail
