// SPDX-License-Identifier: Apache-2.0
#include "service/task_pool.hpp"

#include <exception>
#include <utility>

#include "service/envelope.hpp"

namespace facet::server {

TaskPool::TaskPool(int threads, std::size_t most_waiting) : most_waiting_(most_waiting) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

TaskPool::~TaskPool() {
  end();
}

void TaskPool::end() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
    waiting_.clear();
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void TaskPool::run() {
  for (;;) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
      if (ends_) return;
      task = std::move(waiting_.front());
      waiting_.pop_front();
    }
    task();
  }
}

void TaskPool::start(const ExchangePtr& exchange, std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= most_waiting_) {
      throw HttpError(429, "too_many_requests", "too many requests wait", {{"Retry-After", "2"}});
    }
    waiting_.push_back([exchange, work = std::move(work)] {
      if (exchange->stop.stop_requested()) return;  // nobody waits for it
      try {
        work();
      } catch (const std::exception& error) {
        exchange->reply(error_response(exchange->request, error));
      }
    });
  }
  changed_.notify_one();
}

void TaskPool::answer(const ExchangePtr& exchange, std::function<Response()> work) {
  start(exchange, [exchange, work = std::move(work)] { exchange->reply(work()); });
}

}  // namespace facet::server
