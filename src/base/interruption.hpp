// SPDX-License-Identifier: Apache-2.0
// Ends a long call early, where its caller asked for that.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

namespace facet::detail {

using Deadline = std::optional<std::chrono::steady_clock::time_point>;

// While it lives, check_interruption() in this thread knows of them. They nest.
class InterruptionScope {
 public:
  InterruptionScope(const std::stop_token& stop, const Deadline& deadline);
  ~InterruptionScope();
  InterruptionScope(const InterruptionScope&) = delete;
  InterruptionScope& operator=(const InterruptionScope&) = delete;

 private:
  friend void check_interruption();
  void check() const;

  const std::stop_token& stop_;
  const Deadline& deadline_;
  const InterruptionScope* outer_;
};

// Called where work can stop: before each run of a network, each a few milliseconds. Throws
// Error(cancelled) or Error(timed_out).
void check_interruption();

}  // namespace facet::detail
