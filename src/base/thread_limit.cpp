// SPDX-License-Identifier: Apache-2.0
#include "base/thread_limit.hpp"

#include <omp.h>

namespace facet::detail {

ThreadLimit::ThreadLimit(int threads) : before_(omp_get_max_threads()) {
  omp_set_num_threads(threads);
}

ThreadLimit::~ThreadLimit() {
  omp_set_num_threads(before_);
}

}  // namespace facet::detail
