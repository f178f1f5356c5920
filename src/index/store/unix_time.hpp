// SPDX-License-Identifier: Apache-2.0
// The time that rows are marked with.
#pragma once

#include <chrono>
#include <cstdint>

namespace facet::detail {

// Seconds since 1970.
inline std::int64_t unix_time() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace facet::detail
