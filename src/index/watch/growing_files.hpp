// SPDX-License-Identifier: Apache-2.0
// Which files are still being written: nobody tells when a copy or a download is through.
#pragma once

#include <chrono>
#include <string>
#include <unordered_map>

#include "index/run/file_scan.hpp"

namespace facet::detail {

// A file is settled when it was last changed `quiet` ago. Where its time cannot be trusted, as on
// disks whose clock goes wrong, it is settled when it looked the same twice, `quiet` apart.
class GrowingFiles {
 public:
  using Clock = std::chrono::steady_clock;

  explicit GrowingFiles(std::chrono::milliseconds quiet) : quiet_(quiet) {}

  // `now` and `wall` are the same moment; wall: nanoseconds since 1970.
  bool settled(const FoundFile& file, Clock::time_point now, std::int64_t wall);
  bool settled(const FoundFile& file);
  // Forgets files that nobody asked about for long.
  void forget_before(Clock::time_point moment);

 private:
  struct Look {
    PhotoFileState state;
    Clock::time_point since;  // it looks so
    Clock::time_point asked;
  };
  std::chrono::milliseconds quiet_;
  std::unordered_map<std::string, Look> looks_;  // of files that are not settled
};

}  // namespace facet::detail
