// SPDX-License-Identifier: Apache-2.0
// Work on many things at once.
#pragma once

#include <cstddef>
#include <functional>

namespace facet::detail {

// Calls work(0 … count-1), each once, from at most `threads` threads, the calling one among them;
// returns when all are done. The first exception stops the rest and is thrown on.
void for_each_parallel(std::size_t count, int threads,
                       const std::function<void(std::size_t)>& work);

// The same for work that needs what cannot be shared, such as scratch memory: `make_work` is called
// once in every thread.
using IndexedWork = std::function<void(std::size_t)>;
void for_each_worker(std::size_t count, int threads, const std::function<IndexedWork()>& make_work);

}  // namespace facet::detail
