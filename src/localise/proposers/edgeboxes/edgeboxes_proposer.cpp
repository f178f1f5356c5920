// SPDX-License-Identifier: Apache-2.0
#include "localise/proposers/edgeboxes/edgeboxes_proposer.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "localise/proposers/edgeboxes/density_peaks.hpp"
#include "localise/proposers/edgeboxes/edge_windows.hpp"
#include "localise/proposers/evidence/evidence_proposer.hpp"
#include "localise/suppression.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kSeenCloser = 60;  // windows that LNet_s looks at, …
constexpr int kSeenOfOneFace = 15;       // … of those at one place, so that every face has some
constexpr std::size_t kMaxBatch = 32;
constexpr float kSurroundings = 1.5F;  // face heights: a window has to respond more than these

// A face fills the window's longer side.
float face_height(const Box& window) {
  return std::max(window.width, window.height);
}

// `heights` face heights wide.
Box square_around(const Box& window, float heights) {
  const float side = heights * face_height(window);
  return {window.centre_x() - side / 2, window.centre_y() - side / 2, side, side};
}

// The scale at which a face of this height has the height that LNet_o knows.
std::size_t level_of(float height, std::span<const ScaleMap> maps,
                     const LocaliserSettings& settings) {
  const auto off = [&](const ScaleMap& map) {
    return std::abs(std::log(height * map.scale / settings.face_height));
  };
  const auto nearest =
      std::min_element(maps.begin(), maps.end(),
                       [&](const ScaleMap& a, const ScaleMap& b) { return off(a) < off(b); });
  return static_cast<std::size_t>(nearest - maps.begin());
}

// LNet_s's map of a square, in photo coordinates.
ScaleMap placed(CellMap map, const Box& square, const CellGeometry& geometry, int input_side) {
  ScaleMap result;
  result.scale = static_cast<float>(input_side) / square.width;
  result.height = map.height;
  result.width = map.width;
  result.step = static_cast<float>(geometry.stride) / result.scale;
  result.first_x = square.x + geometry.centre / result.scale;
  result.first_y = square.y + geometry.centre / result.scale;
  result.values = std::move(map.values);
  return result;
}

std::vector<ScoredBox> peaks_of(const std::vector<ScoredBox>& windows) {
  std::vector<DensePlace> places;
  for (const ScoredBox& window : windows) places.push_back({window.box, window.score});
  std::vector<ScoredBox> peaks;
  for (const std::size_t i : density_peaks(places)) peaks.push_back(windows[i]);
  return peaks;
}

// The mean response, or, where it is to be compared with evidence, the mean of the votes.
CellValue response_of(const Network& network, const ModelParts& parts, Ranking ranking) {
  if (ranking == Ranking::response) {
    return CellValue::mean_response(network, parts.response_layer);
  }
  return CellValue::voted_response(network, parts.evidence_layer, parts.response_layer);
}

}  // namespace

EdgeBoxesProposer::EdgeBoxesProposer(const ModelParts& parts, LNet& lnet_o, Ranking ranking,
                                     Precision precision)
    : settings_(&parts.localiser),
      ranking_(ranking),
      lnet_o_(&lnet_o),
      response_o_(response_of(lnet_o.network(), parts, ranking)) {
  if (parts.lnet_s) {
    lnet_s_.emplace(*parts.lnet_s, parts.evidence_layer, placing_arithmetic(precision));
    response_s_ = response_of(*parts.lnet_s, parts, ranking);
  }
}

std::vector<ScoredBox> EdgeBoxesProposer::boxes(ImageHalvings& photo, const FaceRequest& request) {
  const std::vector<ScaleMap> maps = pyramid_maps(*lnet_o_, response_o_, *settings_, photo,
                                                  request.min_face, request.at_least_one);
  if (maps.empty()) return {};
  std::vector<Box> proposed = edge_windows(plugin_, photo, request.min_face);
  if (proposed.empty() && request.at_least_one) {
    proposed.push_back(
        {0, 0, static_cast<float>(photo.width()), static_cast<float>(photo.height())});
  }
  std::vector<ScoredBox> windows = strongest(proposed, maps);
  if (lnet_s_) look_closer(photo, windows);
  std::vector<ScoredBox> faces = peaks_of(windows);
  if (faces.size() > static_cast<std::size_t>(request.most)) {
    faces.resize(static_cast<std::size_t>(request.most));
  }
  return faces;
}

float EdgeBoxesProposer::score(const ResponseSums& sums, const Box& window) const {
  const float inside = sums.inside(window);
  if (ranking_ == Ranking::response) return inside / window.area();
  const Box surroundings = square_around(window, kSurroundings);
  const float around = (sums.inside(surroundings) - inside) / (surroundings.area() - window.area());
  const float height = face_height(window);
  return (inside - around * window.area()) / (height * height);
}

std::vector<ScoredBox> EdgeBoxesProposer::strongest(const std::vector<Box>& windows,
                                                    std::span<const ScaleMap> maps) const {
  std::vector<ResponseSums> sums;
  for (const ScaleMap& map : maps) sums.emplace_back(map);
  std::vector<ScoredBox> scored;
  for (const Box& window : windows) {
    const std::size_t level = level_of(face_height(window), maps, *settings_);
    scored.push_back({window, score(sums[level], window)});
  }
  std::stable_sort(scored.begin(), scored.end(),
                   [](const ScoredBox& a, const ScoredBox& b) { return a.score > b.score; });
  std::vector<ScoredBox> seen;
  for (const ScoredBox& window : scored) {
    if (seen.size() == kSeenCloser) break;
    const auto alike = std::count_if(seen.begin(), seen.end(), [&](const ScoredBox& other) {
      return overlap(other.box, window.box) > kSameFaceOverlap;
    });
    if (alike < kSeenOfOneFace) seen.push_back(window);
  }
  return seen;
}

void EdgeBoxesProposer::look_closer(ImageHalvings& photo, std::vector<ScoredBox>& windows) {
  const int side = settings_->refine_side;
  for (std::size_t first = 0; first < windows.size(); first += kMaxBatch) {
    const std::size_t end = std::min(windows.size(), first + kMaxBatch);
    std::vector<Box> squares;
    std::vector<Image> crops;
    for (std::size_t i = first; i < end; ++i) {
      squares.push_back(square_around(windows[i].box, settings_->refine_context));
      crops.push_back(photo.cut(squares.back(), side, side));
    }
    std::vector<CellMap> maps = lnet_s_->run(crops, *response_s_);
    for (std::size_t i = first; i < end; ++i) {
      const ScaleMap map =
          placed(std::move(maps[i - first]), squares[i - first], lnet_s_->geometry(), side);
      const float closer = score(ResponseSums(map), windows[i].box);
      windows[i].score = std::lerp(windows[i].score, closer, settings_->refine_weight);
    }
  }
}

}  // namespace facet::detail
