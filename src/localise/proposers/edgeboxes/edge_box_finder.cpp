// SPDX-License-Identifier: Apache-2.0
#include "localise/proposers/edgeboxes/edge_box_finder.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "localise/proposers/edgeboxes/density_peaks.hpp"
#include "localise/proposers/edgeboxes/edge_windows.hpp"
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
  result.response = std::move(map.response);
  result.tag_response = std::move(map.tag_response);
  return result;
}

std::vector<ScoredBox> peaks_of(const std::vector<ScoredBox>& windows) {
  std::vector<DensePlace> places;
  for (const ScoredBox& window : windows) places.push_back({window.box, window.score});
  std::vector<ScoredBox> peaks;
  for (const std::size_t i : density_peaks(places)) peaks.push_back(windows[i]);
  return peaks;
}

}  // namespace

EdgeBoxFinder::EdgeBoxFinder(const ModelParts& parts, Ranking ranking, Precision precision)
    : settings_(&parts.localiser), ranking_(ranking) {
  if (parts.lnet_s) {
    lnet_s_.emplace(*parts.lnet_s, parts.evidence_layer, parts.response_layer,
                    settings_->evidence_margin, precision);
    if (ranking == Ranking::evidence) lnet_s_->add_tag_response();
  }
}

std::vector<ScoredBox> EdgeBoxFinder::find(Octaves& photo, std::span<const ScaleMap> maps,
                                           float min_face, int max_boxes, bool at_least_one) {
  if (maps.empty()) return {};
  std::vector<Box> proposed = edge_windows(module_, photo, min_face);
  if (proposed.empty() && at_least_one) {
    proposed.push_back(
        {0, 0, static_cast<float>(photo.width()), static_cast<float>(photo.height())});
  }
  std::vector<ScoredBox> windows = strongest(proposed, maps);
  if (lnet_s_) look_closer(photo, windows);
  std::vector<ScoredBox> faces = peaks_of(windows);
  if (faces.size() > static_cast<std::size_t>(max_boxes)) {
    faces.resize(static_cast<std::size_t>(max_boxes));
  }
  return faces;
}

const std::vector<float>& EdgeBoxFinder::response_of(const ScaleMap& map) const {
  return ranking_ == Ranking::response ? map.response : map.tag_response;
}

float EdgeBoxFinder::score(const ResponseSums& sums, const Box& window) const {
  const float inside = sums.inside(window);
  if (ranking_ == Ranking::response) return inside / window.area();
  const Box surroundings = square_around(window, kSurroundings);
  const float around = (sums.inside(surroundings) - inside) / (surroundings.area() - window.area());
  const float height = face_height(window);
  return (inside - around * window.area()) / (height * height);
}

std::vector<ScoredBox> EdgeBoxFinder::strongest(const std::vector<Box>& windows,
                                                std::span<const ScaleMap> maps) const {
  std::vector<ResponseSums> sums;
  for (const ScaleMap& map : maps) sums.emplace_back(map, response_of(map));
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

void EdgeBoxFinder::look_closer(Octaves& photo, std::vector<ScoredBox>& windows) {
  const int side = settings_->refine_side;
  for (std::size_t first = 0; first < windows.size(); first += kMaxBatch) {
    const std::size_t end = std::min(windows.size(), first + kMaxBatch);
    std::vector<Box> squares;
    std::vector<Image> crops;
    for (std::size_t i = first; i < end; ++i) {
      squares.push_back(square_around(windows[i].box, settings_->refine_context));
      crops.push_back(photo.cut(squares.back(), side, side));
    }
    std::vector<CellMap> maps = lnet_s_->run(crops);
    for (std::size_t i = first; i < end; ++i) {
      const ScaleMap map =
          placed(std::move(maps[i - first]), squares[i - first], lnet_s_->geometry(), side);
      const float closer = score({map, response_of(map)}, windows[i].box);
      windows[i].score = std::lerp(windows[i].score, closer, settings_->refine_weight);
    }
  }
}

}  // namespace facet::detail
