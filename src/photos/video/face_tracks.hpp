// SPDX-License-Identifier: Apache-2.0
// Faces of a video followed from frame to frame.
#pragma once

#include <string>
#include <vector>

#include "facet/prediction.hpp"

namespace facet::detail {

// Joins faces whose boxes overlap in neighbouring frames. A face may be missing from one frame in
// between. Two faces never become one because they passed each other in a frame, but a face that
// moves by half its size between two frames begins anew: look more often then.
class FaceTracks {
 public:
  // The seconds between two frames that are looked at.
  explicit FaceTracks(double every) : every_(every) {}

  // The next frame, with its time.
  void add(const PhotoResult& frame);
  // One result about the video: a face each track, in the order in which they began. Box, score and
  // turn are those of its strongest frame, probabilities the means over its frames.
  [[nodiscard]] PhotoResult finish() const;

 private:
  struct Track {
    Face strongest;
    Box last_box;
    FaceTrack seen;
    std::vector<double> sums;  // of probabilities
  };
  void begin(const Face& face, double time);
  static void go_on(Track& track, const Face& face, double time);

  double every_;
  std::vector<Track> tracks_;
  PhotoResult video_;
  double last_time_ = 0;
};

}  // namespace facet::detail
