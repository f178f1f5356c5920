// SPDX-License-Identifier: Apache-2.0
#include "localise/localiser.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "facet/error.hpp"
#include "localise/image_halvings.hpp"
#include "localise/proposers/edgeboxes/edgeboxes_proposer.hpp"
#include "localise/proposers/evidence/evidence_proposer.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

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

}  // namespace

struct Localiser::Impl {
  Impl(std::shared_ptr<const Model> owned, Ranking ranking_by, Precision wanted)
      : model(std::move(owned)),
        parts(checked_parts(model)),
        ranking(ranking_by),
        precision(wanted),
        lnet_o(*parts.lnet_o, parts.evidence_layer, proposing_arithmetic(precision)),
        evidence(parts, lnet_o, ranking, precision) {}

  Proposer& proposer(Proposals proposals) {
    if (proposals == Proposals::evidence) return evidence;
    if (!edgeboxes) edgeboxes.emplace(parts, lnet_o, ranking, precision);
    return *edgeboxes;
  }

  std::vector<ScaleMap> maps(const ImageView& photo, float min_face, const CellValue& value,
                             std::optional<float> exact_from = std::nullopt) {
    check_request(photo, min_face, 1);
    ImageHalvings halvings(photo);
    return pyramid_maps(lnet_o, value, parts.localiser, halvings, min_face, true, exact_from);
  }

  std::shared_ptr<const Model> model;
  const ModelParts& parts;
  Ranking ranking;
  Precision precision;
  LNet lnet_o;  // of all proposers
  EvidenceProposer evidence;
  std::optional<EdgeBoxesProposer> edgeboxes;  // from when it is first asked for
};

Localiser::Localiser(std::shared_ptr<const Model> model, Precision precision, Ranking ranking)
    : impl_(std::make_unique<Impl>(std::move(model), ranking, precision)) {
}
Localiser::~Localiser() = default;
Localiser::Localiser(Localiser&&) noexcept = default;

std::vector<Window> Localiser::windows(const ImageView& photo, float min_face, int max_windows,
                                       bool at_least_one) {
  check_request(photo, min_face, max_windows);
  ImageHalvings halvings(photo);
  return impl_->evidence.windows(halvings, {min_face, max_windows, at_least_one});
}

std::vector<ScoredBox> Localiser::boxes(const ImageView& photo, float min_face, int max_boxes,
                                        bool at_least_one, Proposals proposals, Look look) {
  check_request(photo, min_face, max_boxes);
  ImageHalvings halvings(photo);
  return impl_->proposer(proposals).boxes(halvings, {min_face, max_boxes, at_least_one, look});
}

bool Localiser::has_coarse_look() const {
  return proposing_arithmetic(impl_->precision) == Arithmetic::bf16x3;
}

float Localiser::default_threshold(Proposals proposals) const {
  // Asking the proposer would load its module.
  const LocaliserSettings& settings = impl_->parts.localiser;
  return proposals == Proposals::edgeboxes ? settings.edgeboxes_threshold : settings.threshold;
}

std::vector<Window> Localiser::proposals(const ImageView& photo, float min_face, int max_windows,
                                         bool at_least_one) {
  check_request(photo, min_face, max_windows);
  ImageHalvings halvings(photo);
  return impl_->evidence.proposals(halvings, {min_face, max_windows, at_least_one});
}

float Localiser::second_evidence(const ImageView& photo, const Box& box, Look look) {
  ImageHalvings halvings(photo);
  return impl_->evidence.second_evidence(halvings, box, look);
}

std::vector<ScaleMap> Localiser::maps(const ImageView& photo, float min_face) {
  return impl_->maps(photo, min_face,
                     ranking_value(*impl_->parts.lnet_o, impl_->parts, impl_->ranking),
                     impl_->evidence.exact_from());
}

std::vector<ScaleMap> Localiser::attribute_maps(const ImageView& photo, float min_face,
                                                const std::string& attribute) {
  const ModelParts& parts = impl_->parts;
  const int tag = tag_of(parts, attribute);
  return impl_->maps(photo, min_face,
                     CellValue::tag_evidence(*parts.lnet_o, parts.evidence_layer,
                                             parts.localiser.evidence_margin, tag));
}

}  // namespace facet::detail
