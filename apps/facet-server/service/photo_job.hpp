// SPDX-License-Identifier: Apache-2.0
// Photos of one request that are to be described.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "facet/box.hpp"
#include "facet/error.hpp"
#include "facet/explain.hpp"
#include "facet/prediction.hpp"
#include "facet/predictor.hpp"
#include "facet/response_map.hpp"

namespace facet::server {

// What the client asks of all photos of a request. Photos of equal wishes are described together.
struct PhotoWishes {
  std::optional<float> min_face;
  std::optional<int> max_faces;
  std::string head = "celeba";
  ThresholdMode threshold_mode = ThresholdMode::accuracy;
  Turns turns = Turns::automatic;
  bool maps = false;
  bool explain = false;                // also why; then without maps, and faces are looked for
  std::vector<std::string> explained;  // attributes; none: those that hold

  friend bool operator==(const PhotoWishes&, const PhotoWishes&) = default;
};

struct SentPhoto {
  std::string name;
  std::vector<std::byte> bytes;
  std::optional<std::vector<Box>> boxes;  // of faces; none is looked for
};

struct PhotoAnswer {
  PhotoResult result;
  std::optional<ErrorCode> error;  // why it is unreadable
  std::optional<ResponseMap> map;
  std::vector<FaceExplanation> explanations;  // of the result's faces, where they were asked for
};

struct PhotoJob {
  using Clock = std::chrono::steady_clock;

  PhotoWishes wishes;
  std::vector<SentPhoto> photos;
  Clock::time_point deadline;
  std::stop_token stop;
  // Called once, in a worker's thread, when all photos are done; not where the request was stopped.
  std::function<void(PhotoJob&)> done;

  // Set by the queue.
  std::vector<PhotoAnswer> answers;  // as `photos`
  std::atomic<std::size_t> left = 0;
  Clock::time_point queued;
  std::atomic<Clock::duration::rep> waited = -1;      // until its first photo was taken
  std::function<void(const std::exception&)> failed;  // instead of `done`
};

}  // namespace facet::server
