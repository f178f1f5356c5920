// SPDX-License-Identifier: Apache-2.0
// Draws batches ahead of the training step, in order, on a thread of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "sample_source.hpp"

namespace facet::training {

class BatchLoader {
 public:
  BatchLoader(const SampleSource& source, std::int64_t first_step, std::int64_t last_step,
              int batch_size)
      : worker_([this, &source, first_step, last_step, batch_size] {
          run(source, first_step, last_step, batch_size);
        }) {}
  ~BatchLoader() {
    {
      const std::lock_guard guard(lock_);
      stopping_ = true;
    }
    changed_.notify_all();
    worker_.join();
  }
  BatchLoader(const BatchLoader&) = delete;
  BatchLoader& operator=(const BatchLoader&) = delete;

  // The next batch; rethrows what drawing threw.
  Batch next() {
    std::unique_lock guard(lock_);
    changed_.wait(guard, [this] { return !ready_.empty() || failure_; });
    if (ready_.empty()) std::rethrow_exception(failure_);
    Batch batch = std::move(ready_.front());
    ready_.pop_front();
    guard.unlock();
    changed_.notify_all();
    return batch;
  }

 private:
  static constexpr std::size_t kAhead = 4;

  void run(const SampleSource& source, std::int64_t first, std::int64_t last, int size) {
    try {
      for (std::int64_t step = first; step < last; ++step) {
        Batch batch = source.draw(step, size);
        std::unique_lock guard(lock_);
        changed_.wait(guard, [this] { return ready_.size() < kAhead || stopping_; });
        if (stopping_) return;
        ready_.push_back(std::move(batch));
        guard.unlock();
        changed_.notify_all();
      }
    } catch (...) {
      const std::lock_guard guard(lock_);
      failure_ = std::current_exception();
      changed_.notify_all();
    }
  }

  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<Batch> ready_;
  std::exception_ptr failure_;
  bool stopping_ = false;
  std::thread worker_;
};

}  // namespace facet::training
