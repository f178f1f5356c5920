// SPDX-License-Identifier: Apache-2.0
// Work on many items at once, with results in the order of the items.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "facet/prediction.hpp"

namespace facet::detail {

// Neighbouring items that a worker takes together.
struct ItemRange {
  std::size_t first = 0;
  std::size_t count = 0;
};

// What one worker does with some items: a result each, in order.
using Work = std::function<std::vector<PhotoResult>(ItemRange)>;

// Starts `workers` threads, each with its own result of `make_work`, which take items 0…count-1 in
// order, at most `together` at a time and fewer towards the end, so that all have work until then;
// `consume` is called in this thread, in order. Workers wait when they are far ahead of the slowest
// item, so that the results kept are few. The first exception of any of them ends the run and is
// thrown here.
void run_in_order(std::size_t count, int workers, std::size_t together,
                  const std::function<Work()>& make_work,
                  const std::function<void(PhotoResult)>& consume);

}  // namespace facet::detail
