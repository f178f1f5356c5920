// SPDX-License-Identifier: Apache-2.0
#include "photos/video/face_tracks.hpp"

#include <algorithm>
#include <utility>

#include "facet/box.hpp"

namespace facet::detail {
namespace {

constexpr float kLeastOverlap = 0.3F;  // intersection over union
constexpr double kMostSteps = 2.5;     // from a frame to the next one with the face

struct Pair {
  float overlap = 0;
  std::size_t track = 0;
  std::size_t face = 0;
};

}  // namespace

void FaceTracks::begin(const Face& face, double time) {
  Track track{face, face.box, {time, time, 0, time}, {}};
  track.sums.resize(face.attributes.size());
  go_on(track, face, time);
  tracks_.push_back(std::move(track));
}

void FaceTracks::go_on(Track& track, const Face& face, double time) {
  track.last_box = face.box;
  track.seen.last = time;
  ++track.seen.frames;
  for (std::size_t i = 0; i < track.sums.size() && i < face.attributes.size(); ++i) {
    track.sums[i] += face.attributes[i].probability;
  }
  if (face.score <= track.strongest.score) return;
  track.strongest = face;
  track.seen.time = time;
}

void FaceTracks::add(const PhotoResult& frame) {
  const double time = frame.time.value_or(last_time_);
  if (video_.frames == 0) {
    video_ = frame;
    video_.faces.clear();
    video_.time.reset();
  }
  const double step = std::max(every_, video_.frames > 0 ? time - last_time_ : 0.0);
  ++video_.frames;
  video_.faces_left_out = std::max(video_.faces_left_out, frame.faces_left_out);
  if (!frame.warning.empty()) video_.warning = frame.warning;
  last_time_ = time;
  std::vector<Pair> pairs;
  for (std::size_t t = 0; t < tracks_.size(); ++t) {
    if (time - tracks_[t].seen.last > kMostSteps * step) continue;
    for (std::size_t f = 0; f < frame.faces.size(); ++f) {
      const float common = overlap(tracks_[t].last_box, frame.faces[f].box);
      if (common >= kLeastOverlap) pairs.push_back({common, t, f});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.overlap > b.overlap; });
  std::vector<char> track_taken(tracks_.size());
  std::vector<char> face_taken(frame.faces.size());
  for (const Pair& pair : pairs) {
    if (track_taken[pair.track] != 0 || face_taken[pair.face] != 0) continue;
    track_taken[pair.track] = face_taken[pair.face] = 1;
    go_on(tracks_[pair.track], frame.faces[pair.face], time);
  }
  for (std::size_t f = 0; f < frame.faces.size(); ++f) {
    if (face_taken[f] == 0) begin(frame.faces[f], time);
  }
}

PhotoResult FaceTracks::finish() const {
  PhotoResult result = video_;
  result.status = tracks_.empty() ? PhotoStatus::no_face : PhotoStatus::ok;
  for (const Track& track : tracks_) {
    Face face = track.strongest;
    face.track = track.seen;
    for (std::size_t i = 0; i < face.attributes.size(); ++i) {
      Attribute& attribute = face.attributes[i];
      attribute.probability = static_cast<float>(track.sums[i] / track.seen.frames);
      attribute.present = attribute.probability >= attribute.threshold;
    }
    result.faces.push_back(std::move(face));
  }
  return result;
}

}  // namespace facet::detail
