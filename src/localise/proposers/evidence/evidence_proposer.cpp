// SPDX-License-Identifier: Apache-2.0
#include "localise/proposers/evidence/evidence_proposer.hpp"

#include <algorithm>
#include <limits>

#include "localise/proposers/evidence/peaks.hpp"
#include "localise/pyramid.hpp"
#include "localise/suppression.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kMaxCandidates = 1000;  // peaks that suppression looks at
constexpr float kExactFrom = 0.5F;            // of the proposal threshold; bf16 errs by less
constexpr int kMinRefined = 24;               // proposals that LNet_s may look at, at least
constexpr std::size_t kRefinedForOne = 3;     // … where one window is wanted in any case

}  // namespace

std::vector<ScaleMap> pyramid_maps(LNet& lnet_o, const CellValue& value,
                                   const LocaliserSettings& settings, ImageHalvings& photo,
                                   float min_face, bool at_least_one,
                                   std::optional<float> exact_from) {
  std::vector<ScaleMap> maps;
  for (const Level& level : pyramid_levels(photo.width(), photo.height(), min_face, settings,
                                           lnet_o.geometry().stride, at_least_one)) {
    maps.push_back(lnet_o.run_level(photo, level, value, exact_from));
  }
  return maps;
}

EvidenceProposer::EvidenceProposer(const ModelParts& parts, LNet& lnet_o, Ranking ranking,
                                   Precision precision)
    : settings_(&parts.localiser),
      lnet_o_(&lnet_o),
      value_(ranking_value(lnet_o.network(), parts, ranking)),
      // Every peak of the response is a proposal: the threshold is one of evidence.
      proposal_threshold_(ranking == Ranking::response ? 0.0F
                                                       : parts.localiser.proposal_threshold) {
  if (ranking == Ranking::evidence && proposal_threshold_ > 0) {
    exact_from_ = kExactFrom * proposal_threshold_;
  }
  if (parts.lnet_s) refiner_.emplace(parts, ranking, precision);
}

std::vector<Window> EvidenceProposer::propose(ImageHalvings& photo, const FaceRequest& request,
                                              int most, std::size_t at_least) {
  const std::vector<ScaleMap> maps = pyramid_maps(
      *lnet_o_, value_, *settings_, photo, request.min_face, at_least > 0,
      request.look == Look::exact ? exact_from_ : std::numeric_limits<float>::infinity());
  const float threshold = proposal_threshold_;
  std::vector<Peak> peaks = find_peaks(maps, at_least > 0 ? std::min(0.0F, threshold) : threshold);
  if (peaks.size() > kMaxCandidates) peaks.resize(kMaxCandidates);
  if (peaks.empty() && at_least > 0) {
    if (const auto cell = strongest_cell(maps, photo.width(), photo.height())) {
      peaks.push_back(*cell);
    }
  }
  std::vector<Window> windows;
  for (const Peak& peak : peaks) {
    windows.push_back(
        window_of_peak(maps, peak, settings_->face_height, photo.width(), photo.height()));
  }
  suppress_duplicates(windows, most);
  while (windows.size() > at_least && !(windows.back().evidence_o > threshold)) {
    windows.pop_back();
  }
  return windows;
}

std::vector<Window> EvidenceProposer::proposals(ImageHalvings& photo, const FaceRequest& request) {
  return propose(photo, request, request.most, request.at_least_one ? 1 : 0);
}

std::vector<Window> EvidenceProposer::windows(ImageHalvings& photo, const FaceRequest& request) {
  if (!refiner_) return proposals(photo, request);
  const int looked_at = std::max(kMinRefined, request.most);
  std::vector<Window> windows =
      propose(photo, request, looked_at, request.at_least_one ? kRefinedForOne : 0);
  refiner_->refine(photo, windows, request.look);
  suppress_duplicates(windows, looked_at);
  // Those that were only looked at to be sure of one are not proposals.
  const auto after_first = windows.begin() + (windows.empty() ? 0 : (request.at_least_one ? 1 : 0));
  windows.erase(std::remove_if(after_first, windows.end(),
                               [this](const Window& window) {
                                 return !(window.evidence_o > proposal_threshold_);
                               }),
                windows.end());
  if (windows.size() > static_cast<std::size_t>(request.most)) {
    windows.resize(static_cast<std::size_t>(request.most));
  }
  return windows;
}

float EvidenceProposer::second_evidence(ImageHalvings& photo, const Box& box, Look look) {
  if (!refiner_ || !(box.height > 0)) return 0;
  const auto [dx, dy, sx, sy] = settings_->box;
  Window window;
  window.side = box.height / sy;
  window.centre_x = box.centre_x() - dx * window.side;
  window.centre_y = box.centre_y() - dy * window.side;
  refiner_->refine(photo, {&window, 1}, look);
  return window.evidence_s;
}

std::vector<ScoredBox> EvidenceProposer::boxes(ImageHalvings& photo, const FaceRequest& request) {
  // Without a level for it, nothing would have been looked at.
  const bool too_small =
      request.at_least_one && pyramid_levels(photo.width(), photo.height(), request.min_face,
                                             *settings_, lnet_o_->geometry().stride, false)
                                  .empty();
  std::vector<ScoredBox> found;
  for (const Window& window : windows(photo, request)) {
    const Box box = window_to_box(window, *settings_, photo.width(), photo.height());
    const bool let_in = too_small || !(window.evidence_o > proposal_threshold_);
    found.push_back({box, window.score, 0, let_in});
  }
  return found;
}

}  // namespace facet::detail
