// SPDX-License-Identifier: Apache-2.0
// The one place where the number of cores of a call is set.
#pragma once

namespace facet::detail {

// While it lives, parallel loops of this thread (oneDNN's and ours) use at most `threads` cores.
class ThreadLimit {
 public:
  explicit ThreadLimit(int threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  int before_;
};

}  // namespace facet::detail
