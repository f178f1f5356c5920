// SPDX-License-Identifier: Apache-2.0
#include "service/photo_work.hpp"

#include <algorithm>
#include <atomic>
#include <list>
#include <new>
#include <set>
#include <utility>

#include "facet/encoded_photo.hpp"
#include "facet/error.hpp"

namespace facet::server {
namespace {

// Asks to stop when all requests of some photos were stopped.
class StopOfAll {
 public:
  StopOfAll(std::span<PhotoTask> tasks, const std::stop_token& server_ends)
      : at_end_(server_ends, Stop{this}) {
    std::set<PhotoJob*> jobs;
    for (const PhotoTask& task : tasks) jobs.insert(task.job);
    left_ = jobs.size();
    for (PhotoJob* job : jobs) {
      deadline_ = std::max(deadline_, job->deadline);
      callbacks_.emplace_back(job->stop, OneLess{this});
    }
  }
  [[nodiscard]] Limits limits() const { return {source_.get_token(), deadline_}; }

 private:
  struct OneLess {
    StopOfAll* all;
    void operator()() const {
      if (--all->left_ == 0) all->source_.request_stop();
    }
  };

  struct Stop {
    StopOfAll* all;
    void operator()() const { all->source_.request_stop(); }
  };

  std::stop_source source_;
  std::atomic<std::size_t> left_ = 0;
  PhotoJob::Clock::time_point deadline_{};
  std::stop_callback<Stop> at_end_;
  std::list<std::stop_callback<OneLess>> callbacks_;  // first to go
};

void set_unreadable(PhotoAnswer& answer, ErrorCode code, const std::string& reason) {
  answer.error = code;
  answer.result.status = PhotoStatus::unreadable;
  answer.result.reason = reason;
}

// Photos above this are described reduced where their faces are given.
constexpr std::int64_t kMostPixels = 36'000'000;

int reduction(const PhotoFacts& facts, std::int64_t most_pixels) {
  int reduce = 1;
  while (reduce < 8 && std::int64_t{facts.width} * facts.height / (reduce * reduce) > most_pixels) {
    reduce *= 2;
  }
  return reduce;
}

void describe_given(Predictor& predictor, EncodedPhoto& photo, const PredictOptions& options,
                    const SentPhoto& sent, PhotoResult& result) {
  const DecodedPhoto decoded = photo.decode(reduction(photo.facts(), kMostPixels));
  std::vector<Box> boxes = *sent.boxes;
  const auto reduce = static_cast<float>(decoded.reduce);
  for (Box& box : boxes) {
    box = {(box.x - static_cast<float>(decoded.offset_x)) / reduce,
           (box.y - static_cast<float>(decoded.offset_y)) / reduce, box.width / reduce,
           box.height / reduce};
  }
  result.width = decoded.full_width;
  result.height = decoded.full_height;
  result.reduce = decoded.reduce;
  result.warning = decoded.warning;
  if (!boxes.empty()) result.faces = predictor.describe(decoded.image, boxes, options);
  for (std::size_t i = 0; i < boxes.size(); ++i) result.faces[i].box = (*sent.boxes)[i];
  result.status = result.faces.empty() ? PhotoStatus::no_face : PhotoStatus::ok;
}

void add_map(Predictor& predictor, EncodedPhoto& photo, LocateOptions options,
             PhotoAnswer& answer) {
  const PhotoResult& result = answer.result;
  const int reduce = std::max(result.reduce, reduction(photo.facts(), kMostPixels));
  const DecodedPhoto decoded = photo.decode(reduce);
  if (result.min_face > 0) {
    options.min_face = std::max(8.0F, result.min_face / static_cast<float>(decoded.reduce));
  }
  answer.map = predictor.response_map(decoded.image, options);
}

PredictOptions options_of(const PhotoWishes& wishes, const Limits& limits) {
  PredictOptions options;
  options.locate.min_face = wishes.min_face;
  options.locate.max_faces = wishes.max_faces;
  options.locate.turns = wishes.turns;
  options.locate.limits = limits;
  options.head = wishes.head;
  options.threshold_mode = wishes.threshold_mode;
  return options;
}

}  // namespace

void do_tasks(Predictor& predictor, ExplainerPool& explainers, std::span<PhotoTask> tasks,
              std::int64_t max_pixels, const std::stop_token& server_ends) {
  const StopOfAll stop(tasks, server_ends);
  const PredictOptions options = options_of(tasks.front().job->wishes, stop.limits());
  DecodeOptions decode;
  decode.max_pixels = max_pixels;
  std::vector<EncodedPhoto> photos;
  std::vector<PhotoTask*> looked_at;  // as `photos`
  for (PhotoTask& task : tasks) {
    try {
      EncodedPhoto photo(std::move(task.photo->bytes), decode);
      if (task.job->wishes.explain) {
        PhotoExplanation explained =
            explainers.explain(photo, ExplainOptions{options, task.job->wishes.explained, 0});
        task.answer->result = std::move(explained.photo);
        task.answer->explanations = std::move(explained.faces);
        continue;
      }
      if (task.photo->boxes) {
        describe_given(predictor, photo, options, *task.photo, task.answer->result);
        if (task.job->wishes.maps) {
          add_map(predictor, photo, options.locate, *task.answer);
        }
        continue;
      }
      photos.push_back(std::move(photo));
      looked_at.push_back(&task);
    } catch (const Error& error) {
      const bool about_photo = error.code() == ErrorCode::unreadable ||
                               error.code() == ErrorCode::unsupported ||
                               error.code() == ErrorCode::too_large;
      if (!about_photo) throw;
      set_unreadable(*task.answer, error.code(), error.what());
    }
  }
  if (photos.empty()) return;
  std::vector<PhotoResult> results = predictor.predict(std::span(photos), options);
  for (std::size_t i = 0; i < photos.size(); ++i) {
    PhotoAnswer& answer = *looked_at[i]->answer;
    answer.result = std::move(results[i]);
    if (answer.result.status == PhotoStatus::unreadable) {
      answer.error = ErrorCode::unreadable;
    } else if (looked_at[i]->job->wishes.maps) {
      add_map(predictor, photos[i], options.locate, answer);
    }
  }
}

}  // namespace facet::server
