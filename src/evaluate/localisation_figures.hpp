// SPDX-License-Identifier: Apache-2.0
// How good boxes are: recall against false positives and against overlap.
#pragma once

#include <span>
#include <vector>

#include "facet/box.hpp"

namespace facet::detail {

struct Detection {
  float score = 0;
  float overlap = 0;      // with the dominant face
  bool accepted = false;  // by the detector's own threshold
  bool false_positive = false;
  bool stray = false;  // touches no listed face, wherever it lies
};

// Of one photo; `has_face` is false for scenes.
struct PhotoDetections {
  bool has_face = false;
  std::vector<Detection> detections;
};

// Compares a box with the listed faces, dominant first. Where faces are listed, a false positive is
// a box that reaches into the window 1.5 times the dominant box around its centre but touches no
// listed face: farther away the list is not complete, and a box may be a face that nobody listed.
// Without listed faces every box is a false positive.
Detection judge(const Box& box, float score, bool accepted, std::span<const Box> listed);

// Which boxes count as false: the protocol's, or every one that touches no listed face.
enum class FalseRule { near_face, strays_too };

struct RocPoint {
  float threshold = 0;    // boxes of this score and above are detections
  double false_rate = 0;  // false positives a photo, over all photos
  double recall = 0;      // share of the photos with a face whose dominant face is found
};

// From the highest threshold to the lowest; a point wherever one of the two changes, after one
// without any detection.
std::vector<RocPoint> roc(std::span<const PhotoDetections> photos, float least_overlap,
                          FalseRule rule);

// The last point with at most this many false positives a photo.
RocPoint at_false_rate(std::span<const RocPoint> points, double false_rate);

// Recall at a threshold when true means at least this overlap.
double recall_at(std::span<const PhotoDetections> photos, float threshold, float least_overlap);

// Mean over found faces of the overlap of the strongest true box, at a threshold; 0 for none.
double mean_true_overlap(std::span<const PhotoDetections> photos, float threshold,
                         float least_overlap);

// What the detector's own threshold gives.
RocPoint at_own_threshold(std::span<const PhotoDetections> photos, float least_overlap,
                          FalseRule rule);

}  // namespace facet::detail
