// SPDX-License-Identifier: Apache-2.0
// Threads for short work: reading forms, asking the index, cutting pictures.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "http/exchange.hpp"

namespace facet::server {

class TaskPool {
 public:
  // At most `most_waiting` tasks wait.
  TaskPool(int threads, std::size_t most_waiting);
  ~TaskPool();
  TaskPool(const TaskPool&) = delete;
  TaskPool& operator=(const TaskPool&) = delete;

  // Waits for the tasks that run; those that wait are dropped, none is taken any more.
  void end();

  // `work` gives the answer; what it throws becomes one. Throws HttpError(429) where too many wait.
  void answer(const ExchangePtr& exchange, std::function<Response()> work);
  // The same for work that sees to the answer itself unless it throws.
  void start(const ExchangePtr& exchange, std::function<void()> work);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  std::size_t most_waiting_;
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace facet::server
