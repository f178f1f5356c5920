// SPDX-License-Identifier: Apache-2.0
// Work on many items at once, with results of any kind in the order of the items.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace facet::detail {

// Neighbouring items that a worker takes together.
struct ItemRange {
  std::size_t first = 0;
  std::size_t count = 0;
};

// What one worker does with some items: a result each, in order.
template <typename Result>
using WorkFor = std::function<std::vector<Result>(ItemRange)>;

// How many of the items left one worker takes: late ones singly, or the others would wait for it.
inline std::size_t share_of(std::size_t left, std::size_t workers, std::size_t together) {
  constexpr std::size_t turns = 4;  // that each worker has at least
  return std::clamp<std::size_t>(left / (turns * workers), 1, together);
}

template <typename Result>
class ResultQueue {
 public:
  ResultQueue(std::size_t count, std::size_t workers, std::size_t together)
      : count_(count),
        workers_(workers),
        together_(together),
        lead_(std::max(lead_per_worker, 2 * together) * workers) {}

  // The next items for a worker; nothing when there is no more to do.
  std::optional<ItemRange> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] {
      return failure_ || closed_ || next_ >= count_ || next_ < delivered_ + lead_;
    });
    if (failure_ || closed_ || next_ >= count_) return std::nullopt;
    const ItemRange items{next_, share_of(count_ - next_, workers_, together_)};
    next_ += items.count;
    return items;
  }

  void put(ItemRange items, std::vector<Result> results) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < items.count; ++i) {
      ready_.emplace(items.first + i, std::move(results.at(i)));
    }
    changed_.notify_all();
  }

  void fail(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    changed_.notify_all();
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

  // Waits for the next result in order; nothing after the last one.
  std::optional<Result> deliver() {
    std::unique_lock lock(mutex_);
    if (delivered_ == count_) return std::nullopt;
    changed_.wait(lock, [this] { return failure_ || ready_.count(delivered_) > 0; });
    if (failure_) std::rethrow_exception(failure_);
    Result result = std::move(ready_.extract(delivered_).mapped());
    ++delivered_;
    changed_.notify_all();
    return result;
  }

 private:
  static constexpr std::size_t lead_per_worker = 16;  // results are small; photos are not kept

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, Result> ready_;
  std::exception_ptr failure_;
  std::size_t count_;
  std::size_t workers_;
  std::size_t together_;
  std::size_t lead_;
  std::size_t next_ = 0;
  std::size_t delivered_ = 0;
  bool closed_ = false;
};

// Threads that work through a queue; they are joined however the scope is left.
template <typename Result>
class WorkerTeam {
 public:
  explicit WorkerTeam(ResultQueue<Result>& queue) : queue_(queue) {}
  ~WorkerTeam() {
    queue_.close();
    for (std::thread& member : members_) member.join();
  }
  WorkerTeam(const WorkerTeam&) = delete;
  WorkerTeam& operator=(const WorkerTeam&) = delete;

  void add(const std::function<WorkFor<Result>()>& make_work) {
    members_.emplace_back([this, &make_work] {
      try {
        const WorkFor<Result> work = make_work();
        while (const std::optional<ItemRange> items = queue_.take()) {
          queue_.put(*items, work(*items));
        }
      } catch (...) {
        queue_.fail(std::current_exception());
      }
    });
  }

 private:
  ResultQueue<Result>& queue_;
  std::vector<std::thread> members_;
};

// Starts `workers` threads, each with its own result of `make_work`, which take items 0…count-1 in
// order, at most `together` at a time and fewer towards the end, so that all have work until then;
// `consume` is called in this thread, in order. Workers wait when they are far ahead of the slowest
// item, so that the results kept are few. The first exception of any of them ends the run and is
// thrown here.
template <typename Result>
void work_in_order(std::size_t count, int workers, std::size_t together,
                   const std::function<WorkFor<Result>()>& make_work,
                   const std::function<void(Result)>& consume) {
  if (workers <= 1) {
    const WorkFor<Result> work = make_work();
    for (ItemRange items; items.first < count; items.first += items.count) {
      items.count = std::min(together, count - items.first);
      for (Result& result : work(items)) consume(std::move(result));
    }
    return;
  }
  ResultQueue<Result> queue(count, static_cast<std::size_t>(workers), together);
  WorkerTeam<Result> team(queue);
  for (int i = 0; i < workers; ++i) team.add(make_work);
  while (std::optional<Result> result = queue.deliver()) consume(std::move(*result));
}

}  // namespace facet::detail
