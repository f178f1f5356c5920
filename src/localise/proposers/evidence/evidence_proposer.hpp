// SPDX-License-Identifier: Apache-2.0
// LNet's own windows:
//
//   photo ─► pyramid ─► LNet_o ─► tag evidence a cell and scale ─► peaks ─► windows
//         ─► LNet_s at a few sizes around each window ─► evidence peak ─► place, size, score
//         ─► four numbers ─► box
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "localise/lnet.hpp"
#include "localise/proposers/evidence/refine.hpp"
#include "localise/proposers/proposer.hpp"
#include "localise/ranking.hpp"

namespace facet::detail {

class EvidenceProposer final : public Proposer {
 public:
  // `parts` and `lnet_o`, which is its network, must outlive it.
  EvidenceProposer(const ModelParts& parts, LNet& lnet_o, Ranking ranking, Precision precision);

  std::vector<ScoredBox> boxes(ImageHalvings& photo, const FaceRequest& request) override;

  // Windows before the four numbers; they may reach over the border.
  std::vector<Window> windows(ImageHalvings& photo, const FaceRequest& request);
  // Evidence from which on LNet_o's maps are exact (LNet::run_level); nothing where they all are.
  [[nodiscard]] std::optional<float> exact_from() const { return exact_from_; }
  // LNet_o's windows before LNet_s.
  std::vector<Window> proposals(ImageHalvings& photo, const FaceRequest& request);
  // LNet_s's evidence that a face as high as the box stands in it; 0 without an LNet_s.
  float second_evidence(ImageHalvings& photo, const Box& box, Look look);

 private:
  // Windows of the peaks above the proposal threshold, strongest first. Where there are fewer than
  // `at_least`, the strongest peaks below it follow; where there are none, the strongest cell.
  std::vector<Window> propose(ImageHalvings& photo, const FaceRequest& request, int most,
                              std::size_t at_least);

  const LocaliserSettings* settings_;
  LNet* lnet_o_;
  CellValue value_;
  float proposal_threshold_;
  std::optional<float> exact_from_;  // evidence that decides something
  std::optional<Refiner> refiner_;
};

// LNet_o's maps at all scales of the pyramid; `exact_from` as LNet::run_level's.
std::vector<ScaleMap> pyramid_maps(LNet& lnet_o, const CellValue& value,
                                   const LocaliserSettings& settings, ImageHalvings& photo,
                                   float min_face, bool at_least_one,
                                   std::optional<float> exact_from = std::nullopt);

}  // namespace facet::detail
