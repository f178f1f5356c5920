// SPDX-License-Identifier: Apache-2.0
#include "evaluate/localisation_figures.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace facet::detail {
namespace {

bool is_false(const Detection& detection, FalseRule rule) {
  return rule == FalseRule::strays_too ? detection.stray : detection.false_positive;
}

// The strongest box that is true.
const Detection* strongest_true(const PhotoDetections& photo, float least_overlap) {
  const Detection* best = nullptr;
  if (!photo.has_face) return nullptr;
  for (const Detection& detection : photo.detections) {
    if (detection.overlap < least_overlap) continue;
    if (best == nullptr || detection.score > best->score) best = &detection;
  }
  return best;
}

std::size_t count_faces(std::span<const PhotoDetections> photos) {
  return static_cast<std::size_t>(std::count_if(
      photos.begin(), photos.end(), [](const PhotoDetections& photo) { return photo.has_face; }));
}

double share(std::size_t part, std::size_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
}

}  // namespace

Detection judge(const Box& box, float score, bool accepted, std::span<const Box> listed) {
  Detection detection;
  detection.score = score;
  detection.accepted = accepted;
  detection.stray = std::none_of(listed.begin(), listed.end(), [&](const Box& face) {
    return intersection(box, face).area() > 0;
  });
  if (listed.empty()) {
    detection.false_positive = true;
    return detection;
  }
  constexpr float reach = 1.5F;
  const Box& face = listed.front();
  const Box window{face.centre_x() - reach * face.width / 2,
                   face.centre_y() - reach * face.height / 2, reach * face.width,
                   reach * face.height};
  detection.overlap = overlap(box, face);
  detection.false_positive = detection.stray && intersection(box, window).area() > 0;
  return detection;
}

std::vector<RocPoint> roc(std::span<const PhotoDetections> photos, float least_overlap,
                          FalseRule rule) {
  struct Event {
    float score = 0;
    bool found = false;
  };
  std::vector<Event> events;
  for (const PhotoDetections& photo : photos) {
    if (const Detection* best = strongest_true(photo, least_overlap)) {
      events.push_back({best->score, true});
    }
    for (const Detection& detection : photo.detections) {
      if (is_false(detection, rule)) events.push_back({detection.score, false});
    }
  }
  std::sort(events.begin(), events.end(),
            [](const Event& a, const Event& b) { return a.score > b.score; });
  const std::size_t faces = count_faces(photos);
  std::vector<RocPoint> points = {{std::numeric_limits<float>::infinity(), 0, 0}};
  std::size_t found = 0;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].found) {
      ++found;
    } else {
      ++wrong;
    }
    // A threshold takes all boxes of one score or none.
    if (i + 1 < events.size() && events[i + 1].score == events[i].score) continue;
    points.push_back({events[i].score, share(wrong, photos.size()), share(found, faces)});
  }
  return points;
}

RocPoint at_false_rate(std::span<const RocPoint> points, double false_rate) {
  RocPoint best{std::numeric_limits<float>::infinity(), 0, 0};
  for (const RocPoint& point : points) {
    if (point.false_rate > false_rate) break;
    best = point;
  }
  return best;
}

double recall_at(std::span<const PhotoDetections> photos, float threshold, float least_overlap) {
  std::size_t found = 0;
  for (const PhotoDetections& photo : photos) {
    const Detection* best = strongest_true(photo, least_overlap);
    if (best != nullptr && best->score >= threshold) ++found;
  }
  return share(found, count_faces(photos));
}

double mean_true_overlap(std::span<const PhotoDetections> photos, float threshold,
                         float least_overlap) {
  double sum = 0;
  std::size_t found = 0;
  for (const PhotoDetections& photo : photos) {
    const Detection* best = strongest_true(photo, least_overlap);
    if (best == nullptr || best->score < threshold) continue;
    sum += best->overlap;
    ++found;
  }
  return found > 0 ? sum / static_cast<double>(found) : 0.0;
}

RocPoint at_own_threshold(std::span<const PhotoDetections> photos, float least_overlap,
                          FalseRule rule) {
  std::size_t found = 0;
  std::size_t wrong = 0;
  RocPoint point;
  point.threshold = std::numeric_limits<float>::infinity();
  for (const PhotoDetections& photo : photos) {
    bool hit = false;
    for (const Detection& detection : photo.detections) {
      if (!detection.accepted) continue;
      point.threshold = std::min(point.threshold, detection.score);
      if (photo.has_face && detection.overlap >= least_overlap) hit = true;
      if (is_false(detection, rule)) ++wrong;
    }
    if (hit) ++found;
  }
  point.false_rate = share(wrong, photos.size());
  point.recall = share(found, count_faces(photos));
  return point;
}

}  // namespace facet::detail
