// Work on many items at once, with results in the order of the items.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <mutex>

#include "facet/prediction.hpp"

namespace facet::cli {

// What one worker does with the item of that index.
using Work = std::function<PhotoResult(std::size_t)>;

// Starts `workers` threads, each with its own result of `make_work`, which take items 0…count-1 in
// order; `consume` is called in this thread, in order. Workers wait when they are far ahead of
// the slowest item, so that the results kept are few. The first exception of any of them ends
// the run and is thrown here.
void run_in_order(std::size_t count, int workers, const std::function<Work()>& make_work,
                  const std::function<void(PhotoResult)>& consume);

}  // namespace facet::cli
