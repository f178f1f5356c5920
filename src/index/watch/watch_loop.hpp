// SPDX-License-Identifier: Apache-2.0
// facet index --watch: runs whenever something happens in the folders, and from time to time in any
// case.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "index/run/file_scan.hpp"
#include "index/run/index_run.hpp"

namespace facet::detail {

struct WatchOptions {
  std::vector<std::string> roots;         // absolute_root()
  std::chrono::milliseconds quiet{2000};  // a file is read when it was last changed so long ago
  // Between looks at everything; where there is none: an hour, or five minutes where a folder lies
  // on a disk that others may change unheard.
  std::optional<std::chrono::milliseconds> rescan;
  std::chrono::milliseconds retry{10'000};  // after a failure, or while a root is missing
};

struct WatchHooks {
  // One run over the changed folders, or over everything; to be given to run_index(). An
  // Error(io) is told and tried again, any other ends the watch.
  std::function<IndexRunResult(const std::optional<std::vector<ChangedFolder>>& changed,
                               const std::function<bool(const FoundFile&)>& settled)>
      run;
  std::function<void(const std::string&)> say;
  std::function<void()> waiting;  // nothing is to be done now; may be empty
};

// Returns when `stop` can be read, after the run that goes on then; that run should end early by
// itself. Throws what `run` throws but Error(io).
void watch_folders(const WatchOptions& options, const WatchHooks& hooks, int stop);

}  // namespace facet::detail
