// SPDX-License-Identifier: Apache-2.0
#include "base/parallel_loop.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace facet::detail {

void for_each_parallel(std::size_t count, int threads,
                       const std::function<void(std::size_t)>& work) {
  for_each_worker(count, threads, [&work]() -> IndexedWork { return std::cref(work); });
}

void for_each_worker(std::size_t count, int threads,
                     const std::function<IndexedWork()>& make_work) {
  if (count == 0) return;
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex failure_lock;
  const auto loop = [&] {
    try {
      const IndexedWork work = make_work();
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      const std::scoped_lock lock(failure_lock);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  {
    std::vector<std::jthread> helpers;
    const std::size_t wanted = std::min(count, static_cast<std::size_t>(std::max(threads, 1)));
    for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back(loop);
    loop();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace facet::detail
