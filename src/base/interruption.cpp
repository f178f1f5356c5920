// SPDX-License-Identifier: Apache-2.0
#include "base/interruption.hpp"

#include "facet/error.hpp"

namespace facet::detail {
namespace {

// Of this thread, as the number of OpenMP's threads is: networks need not hand it through.
thread_local const InterruptionScope* innermost = nullptr;

}  // namespace

InterruptionScope::InterruptionScope(const std::stop_token& stop, const Deadline& deadline)
    : stop_(stop), deadline_(deadline), outer_(innermost) {
  innermost = this;
}

InterruptionScope::~InterruptionScope() {
  innermost = outer_;
}

void InterruptionScope::check() const {
  if (stop_.stop_requested()) throw Error(ErrorCode::cancelled, "the caller asked to stop");
  if (deadline_ && std::chrono::steady_clock::now() >= *deadline_) {
    throw Error(ErrorCode::timed_out, "the deadline passed before the photo was done");
  }
  if (outer_ != nullptr) outer_->check();
}

void check_interruption() {
  if (innermost != nullptr) innermost->check();
}

}  // namespace facet::detail
