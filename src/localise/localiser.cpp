// SPDX-License-Identifier: Apache-2.0
#include "localise/localiser.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "facet/error.hpp"
#include "localise/evidence.hpp"
#include "localise/octaves.hpp"
#include "localise/peaks.hpp"
#include "localise/proposers/edgeboxes/edge_box_finder.hpp"
#include "localise/pyramid.hpp"
#include "localise/refine.hpp"
#include "localise/suppression.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kMaxCandidates = 1000;  // peaks that suppression looks at
constexpr int kMinRefined = 24;               // proposals that LNet_s may look at, at least
constexpr std::size_t kRefinedForOne = 3;     // … where one window is wanted in any case

const ModelParts& checked_parts(const std::shared_ptr<const Model>& model) {
  if (!model) throw Error(ErrorCode::invalid_argument, "the localiser was given no model");
  if (!parts_of(*model).lnet_o) {
    throw Error(ErrorCode::bad_model, "model " + model->name() + " has no network lnet_o");
  }
  return parts_of(*model);
}

void check_request(const ImageView& photo, float min_face, int max_windows) {
  if (photo.empty()) {
    throw Error(ErrorCode::invalid_argument, "the photo is empty or its sizes are inconsistent");
  }
  if (!std::isfinite(min_face) || min_face < 1) {
    throw Error(ErrorCode::invalid_argument,
                "smallest face " + std::to_string(min_face) + " is not a size in pixels");
  }
  if (max_windows < 1) {
    throw Error(ErrorCode::invalid_argument,
                "at most " + std::to_string(max_windows) + " windows: at least 1 must be allowed");
  }
}

// LNet's tags are CelebA's attributes, in the order of the head of that name, then others'.
int tag_of(const ModelParts& parts, const std::string& attribute) {
  const auto head = parts.heads.find("celeba");
  if (head == parts.heads.end()) {
    throw Error(ErrorCode::invalid_argument,
                "model " + parts.name + " has no head celeba that names attributes");
  }
  const auto& names = head->second.attributes;
  const auto found = std::find(names.begin(), names.end(), attribute);
  const auto tag = found - names.begin();
  const NetworkSpec& spec = parts.lnet_o->spec();
  const int tags = spec.layers[parts.lnet_o->layer_index(parts.evidence_layer)].channels();
  if (found == names.end() || tag >= tags) {
    throw Error(ErrorCode::invalid_argument,
                "LNet of model " + parts.name + " has no attribute '" + attribute + "'");
  }
  return static_cast<int>(tag);
}

EvidenceNetwork lnet_o_for(const ModelParts& parts, Ranking ranking, Precision precision) {
  if (ranking == Ranking::response) {
    return EvidenceNetwork::of_response(*parts.lnet_o, parts.response_layer, precision);
  }
  return {*parts.lnet_o, parts.evidence_layer, parts.response_layer,
          parts.localiser.evidence_margin, precision};
}

}  // namespace

struct Localiser::Impl {
  Impl(std::shared_ptr<const Model> owned, Ranking ranking_by, Precision wanted)
      : model(std::move(owned)),
        parts(checked_parts(model)),
        ranking(ranking_by),
        lnet_o(lnet_o_for(parts, ranking, wanted)),
        // Every peak of the response is a proposal: the threshold is one of evidence.
        proposal_threshold(ranking == Ranking::response ? 0.0F
                                                        : parts.localiser.proposal_threshold),
        precision(wanted) {
    if (parts.lnet_s) refiner.emplace(parts, ranking, wanted);
  }

  // `tag`: the evidence of this tag alone.
  std::vector<ScaleMap> pyramid_maps(Octaves& photo, float min_face, bool at_least_one,
                                     std::optional<int> tag = std::nullopt) {
    lnet_o.show_tag(tag);
    std::vector<ScaleMap> maps;
    for (const Level& level :
         pyramid_levels(photo.width(), photo.height(), min_face, parts.localiser,
                        lnet_o.geometry().stride, at_least_one)) {
      maps.push_back(lnet_o.run_level(photo, level));
    }
    return maps;
  }

  // Windows of the peaks above the proposal threshold, strongest first. Where there are fewer than
  // `at_least`, the strongest peaks below it follow; where there are none, the strongest cell.
  std::vector<Window> propose(Octaves& photo, float min_face, int max_windows,
                              std::size_t at_least) {
    const std::vector<ScaleMap> maps = pyramid_maps(photo, min_face, at_least > 0);
    const float threshold = proposal_threshold;
    std::vector<Peak> peaks =
        find_peaks(maps, at_least > 0 ? std::min(0.0F, threshold) : threshold);
    if (peaks.size() > kMaxCandidates) peaks.resize(kMaxCandidates);
    if (peaks.empty() && at_least > 0) {
      if (const auto cell = strongest_cell(maps, photo.width(), photo.height())) {
        peaks.push_back(*cell);
      }
    }
    std::vector<Window> windows;
    for (const Peak& peak : peaks) {
      windows.push_back(
          window_of_peak(maps, peak, parts.localiser.face_height, photo.width(), photo.height()));
    }
    suppress_duplicates(windows, max_windows);
    while (windows.size() > at_least && !(windows.back().evidence_o > threshold)) {
      windows.pop_back();
    }
    return windows;
  }

  EdgeBoxFinder& edge_box_finder() {
    if (!edge_boxes) {
      edge_boxes.emplace(parts, ranking, precision);
      if (ranking == Ranking::evidence) lnet_o.add_tag_response();
    }
    return *edge_boxes;
  }

  std::shared_ptr<const Model> model;
  const ModelParts& parts;
  Ranking ranking;
  EvidenceNetwork lnet_o;
  float proposal_threshold;
  std::optional<Refiner> refiner;
  Precision precision;
  std::optional<EdgeBoxFinder> edge_boxes;  // from when it is first asked for
};

Localiser::Localiser(std::shared_ptr<const Model> model, Precision precision, Ranking ranking)
    : impl_(std::make_unique<Impl>(std::move(model), ranking, precision)) {
}
Localiser::~Localiser() = default;
Localiser::Localiser(Localiser&&) noexcept = default;

std::vector<Window> Localiser::windows(const ImageView& photo, float min_face, int max_windows,
                                       bool at_least_one) {
  if (!impl_->refiner) return proposals(photo, min_face, max_windows, at_least_one);
  check_request(photo, min_face, max_windows);
  Octaves octaves(photo);
  std::vector<Window> windows = impl_->propose(
      octaves, min_face, std::max(kMinRefined, max_windows), at_least_one ? kRefinedForOne : 0);
  impl_->refiner->refine(octaves, windows);
  suppress_duplicates(windows, std::max(kMinRefined, max_windows));
  // Those that were only looked at to be sure of one are not proposals.
  const float threshold = impl_->proposal_threshold;
  const auto after_first = windows.begin() + (windows.empty() ? 0 : (at_least_one ? 1 : 0));
  windows.erase(std::remove_if(
                    after_first, windows.end(),
                    [threshold](const Window& window) { return !(window.evidence_o > threshold); }),
                windows.end());
  if (windows.size() > static_cast<std::size_t>(max_windows)) {
    windows.resize(static_cast<std::size_t>(max_windows));
  }
  return windows;
}

std::vector<ScoredBox> Localiser::boxes(const ImageView& photo, float min_face, int max_boxes,
                                        bool at_least_one, Proposals proposals) {
  if (proposals == Proposals::evidence) {
    std::vector<ScoredBox> found;
    for (const Window& window : windows(photo, min_face, max_boxes, at_least_one)) {
      found.push_back(
          {window_to_box(window, impl_->parts.localiser, photo.width, photo.height), window.score});
    }
    return found;
  }
  check_request(photo, min_face, max_boxes);
  EdgeBoxFinder& finder = impl_->edge_box_finder();
  Octaves octaves(photo);
  return finder.find(octaves, impl_->pyramid_maps(octaves, min_face, at_least_one), min_face,
                     max_boxes, at_least_one);
}

float Localiser::default_threshold(Proposals proposals) const {
  return proposals == Proposals::edgeboxes ? kEdgeBoxThreshold : impl_->parts.localiser.threshold;
}

std::vector<Window> Localiser::proposals(const ImageView& photo, float min_face, int max_windows,
                                         bool at_least_one) {
  check_request(photo, min_face, max_windows);
  Octaves octaves(photo);
  return impl_->propose(octaves, min_face, max_windows, at_least_one ? 1 : 0);
}

std::vector<ScaleMap> Localiser::maps(const ImageView& photo, float min_face) {
  check_request(photo, min_face, 1);
  Octaves octaves(photo);
  return impl_->pyramid_maps(octaves, min_face, true);
}

std::vector<ScaleMap> Localiser::attribute_maps(const ImageView& photo, float min_face,
                                                const std::string& attribute) {
  check_request(photo, min_face, 1);
  const int tag = tag_of(impl_->parts, attribute);
  Octaves octaves(photo);
  return impl_->pyramid_maps(octaves, min_face, true, tag);
}

}  // namespace facet::detail
