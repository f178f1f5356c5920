// SPDX-License-Identifier: Apache-2.0
#include "evaluate/face_finders.hpp"

#include <algorithm>

#include "base/thread_limit.hpp"
#include "facet/error.hpp"
#include "localise/smallest_face.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

constexpr int kMostBoxes = 50;  // that curves are drawn from

struct NamedWay {
  LocalisationWay way;
  const char* name;
  const char* title;
};

constexpr NamedWay kWays[] = {
    {LocalisationWay::lnet, "lnet", "LNet"},
    {LocalisationWay::response, "response", "raw mean response"},
    {LocalisationWay::edgeboxes, "edgeboxes", "EdgeBoxes + tag response"},
    {LocalisationWay::edgeboxes_mean, "edgeboxes-mean",
     "EdgeBoxes + mean response (the paper's way)"},
    {LocalisationWay::constant, "constant", "constant window"},
};

const NamedWay& described(LocalisationWay way) {
  return *std::find_if(std::begin(kWays), std::end(kWays),
                       [way](const NamedWay& known) { return known.way == way; });
}

Proposals proposals_of(LocalisationWay way) {
  const bool by_edges = way == LocalisationWay::edgeboxes || way == LocalisationWay::edgeboxes_mean;
  return by_edges ? Proposals::edgeboxes : Proposals::evidence;
}

Ranking ranking_of(LocalisationWay way) {
  return needs_threshold(way) ? Ranking::response : Ranking::evidence;
}

}  // namespace

const std::vector<std::string>& localisation_way_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const NamedWay& known : kWays) list.emplace_back(known.name);
    return list;
  }();
  return names;
}

std::vector<LocalisationWay> localisation_ways(const std::vector<std::string>& names) {
  std::vector<LocalisationWay> ways;
  for (const std::string& name : names) {
    const auto* found = std::find_if(std::begin(kWays), std::end(kWays),
                                     [&](const NamedWay& known) { return known.name == name; });
    if (found == std::end(kWays)) {
      throw Error(ErrorCode::invalid_argument, "localisation has no row " + name);
    }
    if (std::find(ways.begin(), ways.end(), found->way) == ways.end()) ways.push_back(found->way);
  }
  if (ways.empty()) throw Error(ErrorCode::invalid_argument, "localisation was asked for no row");
  return ways;
}

std::string localisation_title(LocalisationWay way) {
  return described(way).title;
}

std::string localisation_name(LocalisationWay way) {
  return described(way).name;
}

bool needs_threshold(LocalisationWay way) {
  return way == LocalisationWay::response || way == LocalisationWay::edgeboxes_mean;
}

FaceFinder::FaceFinder(const Detector& detector, Precision precision)
    : proposals_(proposals_of(detector.way)),
      settings_(parts_of(*detector.model).localiser),
      min_face_(detector.min_face),
      threshold_(detector.threshold),
      ranking_(ranking_of(detector.way)) {
  // Ways of comparison look once, as the paper does.
  if (ranking_ == Ranking::response) {
    localiser_.emplace(detector.model, precision, ranking_);
    return;
  }
  locator_.emplace(detector.model, precision);
  if (!threshold_) threshold_ = locator_->localiser().default_threshold(proposals_);
}

std::vector<FoundBox> FaceFinder::find(const Image& photo) {
  std::vector<FoundBox> found;
  for (const ScoredBox& box : boxes(photo, kMostBoxes, false)) {
    found.push_back({box.box, box.score, threshold_ && box.score >= *threshold_});
  }
  return found;
}

float FaceFinder::best_score(const Image& photo) {
  const std::vector<ScoredBox> best = boxes(photo, 1, true);
  return best.empty() ? 0.0F : best.front().score;
}

std::vector<ScoredBox> FaceFinder::boxes(const Image& photo, int most, bool at_least_one) {
  const ThreadLimit one(1);
  const float min_face = min_face_.value_or(smallest_face(settings_, photo.width, photo.height));
  if (localiser_) return localiser_->boxes(photo, min_face, most, at_least_one, proposals_);
  return locator_->locate(photo, {min_face, most, at_least_one, *threshold_, proposals_}, true);
}

}  // namespace facet::detail
