// SPDX-License-Identifier: Apache-2.0
// Work on many photos at once.
#pragma once

#include <cstddef>
#include <functional>

namespace facet::detail {

// Calls work(0 … count-1), each once, from at most `threads` threads; returns when all are done.
// The first exception stops the rest and is thrown on.
void for_each_parallel(std::size_t count, int threads,
                       const std::function<void(std::size_t)>& work);

}  // namespace facet::detail
