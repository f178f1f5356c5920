// SPDX-License-Identifier: Apache-2.0
// The ways of finding faces that `facet eval localisation` measures beside each other.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/found_box.hpp"
#include "facet/image.hpp"
#include "facet/model.hpp"
#include "facet/precision.hpp"
#include "facet/predictor.hpp"
#include "localise/localiser.hpp"
#include "predict/face_locator.hpp"

namespace facet::detail {

enum class LocalisationWay {
  lnet,            // as shipped, or of a further model
  response,        // LNet's own windows, ranked by the mean response instead of tag evidence
  edgeboxes,       // --proposals edgeboxes
  edgeboxes_mean,  // the same, scored to the letter of the paper
  constant,        // one window for all photos
};

// lnet, response, edgeboxes, edgeboxes-mean, constant.
const std::vector<std::string>& localisation_way_names();
// In the order given, none twice. Throws Error(invalid_argument) for an unknown name, or for none.
std::vector<LocalisationWay> localisation_ways(const std::vector<std::string>& names);
// As tables and pictures call it.
std::string localisation_title(LocalisationWay way);
std::string localisation_name(LocalisationWay way);
// True where no model states a threshold and none is shipped: the evaluation fits one.
bool needs_threshold(LocalisationWay way);

// What one row measures: a way of finding faces, by one model.
struct Detector {
  std::string title;
  LocalisationWay way = LocalisationWay::lnet;
  std::shared_ptr<const Model> model;
  std::optional<float> threshold;  // the shipped one where there is none
  std::optional<float> min_face;   // as the predictor chooses it where there is none
};

// Looks for faces as one detector does; all ways but the constant window. Holds scratch memory: one
// a thread.
class FaceFinder {
 public:
  FaceFinder(const Detector& detector, Precision precision);

  // Every candidate, strongest first. Without a threshold of any kind none is accepted.
  std::vector<FoundBox> find(const Image& photo);
  // The best window's score, whatever it is; 0 where there is no window at all.
  float best_score(const Image& photo);

 private:
  std::vector<ScoredBox> boxes(const Image& photo, int most, bool at_least_one);

  Proposals proposals_;
  LocaliserSettings settings_;
  std::optional<float> min_face_;
  std::optional<float> threshold_;
  Ranking ranking_;
  std::optional<Localiser> localiser_;  // of ways that look once
  std::optional<FaceLocator> locator_;  // of the others
};

}  // namespace facet::detail
