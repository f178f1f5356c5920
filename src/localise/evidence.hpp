// SPDX-License-Identifier: Apache-2.0
// LNet's maps: tag evidence and mean response a cell.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "facet/image.hpp"
#include "localise/cell_geometry.hpp"
#include "localise/localiser.hpp"
#include "localise/octaves.hpp"
#include "localise/pyramid.hpp"
#include "network/network.hpp"

namespace facet::detail {

// One photo's maps, row-major; the responses are empty where they were not asked for.
struct CellMap {
  int height = 0;
  int width = 0;
  std::vector<float> evidence;  // sum of max(0, logit + margin)
  std::vector<float> response;  // mean of the response layer's channels
  // Mean of the channels that the tags are read from, each weighted by its votes: the sum of its
  // positive weights to the tags. Where there is no face most channels respond, but vote against
  // every tag. Networks without such a layer repeat `response`. Only after add_tag_response().
  std::vector<float> tag_response;
};

// An LNet ready to run. Not thread-safe.
class EvidenceNetwork {
 public:
  // An empty `response_layer` gives evidence alone. `margin` is added to each logit first.
  EvidenceNetwork(const Network& network, const std::string& evidence_layer,
                  const std::string& response_layer, float margin,
                  Precision precision = Precision::fp32);

  // One whose mean response stands in the place of evidence too: to rank windows by it.
  static EvidenceNetwork of_response(const Network& network, const std::string& response_layer,
                                     Precision precision = Precision::fp32);

  [[nodiscard]] const CellGeometry& geometry() const { return geometry_; }

  // From now on maps hold tag_response, too. Only for a network that was given a response layer.
  void add_tag_response();

  // From now on evidence is that of one tag alone (paper, figure 9); none: of all tags again.
  void show_tag(std::optional<int> tag) { shown_tag_ = tag; }

  // Maps of photos of one size, run as one batch.
  std::vector<CellMap> run(std::span<const Image> photos);

  // Maps of a whole pyramid level; large ones tile by tile, with the same values, so that memory
  // stays bounded.
  ScaleMap run_level(Octaves& photo, const Level& level);

 private:
  const Network* network_;
  NetworkRunner runner_;
  std::size_t evidence_layer_;
  std::size_t response_layer_ = 0;
  bool with_response_;
  float margin_;
  bool with_tag_response_ = false;
  std::vector<float> votes_;  // of the channels that the tags are read from, sum 1
  bool ranks_by_response_ = false;
  std::optional<int> shown_tag_;
  CellGeometry geometry_;
};

}  // namespace facet::detail
