// SPDX-License-Identifier: Apache-2.0
// Photos that wait, and the threads that describe them: those that wait at the same time together.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "facet/model.hpp"
#include "facet/predictor_pool.hpp"
#include "service/explainer_pool.hpp"
#include "service/metrics.hpp"
#include "service/photo_job.hpp"

namespace facet::server {

struct QueueSettings {
  int threads = 1;
  Precision precision = Precision::automatic;
  std::size_t most_waiting = 512;         // photos
  std::int64_t max_pixels = 100'000'000;  // of one photo
};

class PhotoQueue {
 public:
  // `concepts` null: jobs ask for no explanations.
  PhotoQueue(std::shared_ptr<const Model> model, std::shared_ptr<const Concepts> concepts,
             const QueueSettings& settings, Metrics& metrics);
  // Drops what waits, and ends what is being done.
  ~PhotoQueue();
  PhotoQueue(const PhotoQueue&) = delete;
  PhotoQueue& operator=(const PhotoQueue&) = delete;

  // False where too many photos wait already.
  bool add(const std::shared_ptr<PhotoJob>& job);
  [[nodiscard]] const Model& model() const { return pool_.model(); }
  [[nodiscard]] bool explains() const { return !explainers_.none(); }

 private:
  struct Item {
    std::shared_ptr<PhotoJob> job;
    std::size_t index = 0;  // of the photo
  };

  void run();
  std::vector<Item> take();
  void describe(std::vector<Item> items);

  QueueSettings settings_;
  Metrics& metrics_;
  PredictorPool pool_;
  ExplainerPool explainers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> waiting_;
  bool ends_ = false;
  std::stop_source end_;
  std::vector<std::thread> threads_;
};

}  // namespace facet::server
