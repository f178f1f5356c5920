// SPDX-License-Identifier: Apache-2.0
// Programs run to their end, with what they cost.
#pragma once

#include <string>
#include <vector>

namespace facet::bench {

struct ChildRun {
  std::string out;                    // standard output
  double milliseconds = 0;            // from its start to its end
  double processor_milliseconds = 0;  // of all its threads
  double peak_mebibytes = 0;
};

// Standard error stays this program's. Throws Error(io) where it cannot start or answers anything
// but 0.
ChildRun run_child(const std::vector<std::string>& command);

}  // namespace facet::bench
