// SPDX-License-Identifier: Apache-2.0
#include "photos/ordered_workers.hpp"

#include <algorithm>
#include <optional>
#include <thread>

namespace facet::detail {
namespace {

constexpr std::size_t lead_per_worker = 16;  // results are small; photos are not kept

// How many of the items left one worker takes: late ones singly, or the others would wait for it.
std::size_t share_of(std::size_t left, std::size_t workers, std::size_t together) {
  constexpr std::size_t turns = 4;  // that each worker has at least
  return std::clamp<std::size_t>(left / (turns * workers), 1, together);
}

class Queue {
 public:
  Queue(std::size_t count, std::size_t workers, std::size_t together)
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

  void put(ItemRange items, std::vector<PhotoResult> results) {
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
  std::optional<PhotoResult> deliver() {
    std::unique_lock lock(mutex_);
    if (delivered_ == count_) return std::nullopt;
    changed_.wait(lock, [this] { return failure_ || ready_.count(delivered_) > 0; });
    if (failure_) std::rethrow_exception(failure_);
    PhotoResult result = std::move(ready_.extract(delivered_).mapped());
    ++delivered_;
    changed_.notify_all();
    return result;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, PhotoResult> ready_;
  std::exception_ptr failure_;
  std::size_t count_;
  std::size_t workers_;
  std::size_t together_;
  std::size_t lead_;
  std::size_t next_ = 0;
  std::size_t delivered_ = 0;
  bool closed_ = false;
};

void work_through(Queue& queue, const std::function<Work()>& make_work) {
  try {
    const Work work = make_work();
    while (const std::optional<ItemRange> items = queue.take()) queue.put(*items, work(*items));
  } catch (...) {
    queue.fail(std::current_exception());
  }
}

// Joins the threads however the scope is left.
class Team {
 public:
  explicit Team(Queue& queue) : queue_(queue) {}
  ~Team() {
    queue_.close();
    for (std::thread& member : members_) member.join();
  }
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  void add(const std::function<Work()>& make_work) {
    members_.emplace_back([this, &make_work] { work_through(queue_, make_work); });
  }

 private:
  Queue& queue_;
  std::vector<std::thread> members_;
};

}  // namespace

void run_in_order(std::size_t count, int workers, std::size_t together,
                  const std::function<Work()>& make_work,
                  const std::function<void(PhotoResult)>& consume) {
  if (workers <= 1) {
    const Work work = make_work();
    for (ItemRange items; items.first < count; items.first += items.count) {
      items.count = std::min(together, count - items.first);
      for (PhotoResult& result : work(items)) consume(std::move(result));
    }
    return;
  }
  Queue queue(count, static_cast<std::size_t>(workers), together);
  Team team(queue);
  for (int i = 0; i < workers; ++i) team.add(make_work);
  while (std::optional<PhotoResult> result = queue.deliver()) consume(std::move(*result));
}

}  // namespace facet::detail
