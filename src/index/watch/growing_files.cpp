// SPDX-License-Identifier: Apache-2.0
#include "index/watch/growing_files.hpp"

namespace facet::detail {

bool GrowingFiles::settled(const FoundFile& file, Clock::time_point now, std::int64_t wall) {
  const std::string path = file.path();
  const std::int64_t quiet = std::chrono::nanoseconds(quiet_).count();
  const auto known = looks_.find(path);
  const bool changed_long_ago = file.state.modified <= wall - quiet;
  const bool looked_so_before = known != looks_.end() && known->second.state == file.state;
  if (looked_so_before) {
    known->second.asked = now;
    if (!changed_long_ago && now - known->second.since < quiet_) return false;
    looks_.erase(known);
    return true;
  }
  // Not even a file with an old time where it was different a moment ago: programs may set times.
  if (known == looks_.end() && changed_long_ago) return true;
  looks_[path] = {file.state, now, now};
  return false;
}

bool GrowingFiles::settled(const FoundFile& file) {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  return settled(file, Clock::now(),
                 std::chrono::duration_cast<std::chrono::nanoseconds>(wall).count());
}

void GrowingFiles::forget_before(Clock::time_point moment) {
  std::erase_if(looks_, [&](const auto& entry) { return entry.second.asked < moment; });
}

}  // namespace facet::detail
