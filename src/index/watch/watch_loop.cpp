// SPDX-License-Identifier: Apache-2.0
#include "index/watch/watch_loop.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <utility>

#include "facet/error.hpp"
#include "index/watch/folder_watch.hpp"
#include "index/watch/growing_files.hpp"

namespace facet::detail {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kUsualRescan = std::chrono::hours(1);
constexpr milliseconds kRemoteRescan = std::chrono::minutes(5);
// Changes come in bursts: a run waits for the end of one, but not for ever.
constexpr milliseconds kBurst{300};
constexpr milliseconds kLongestBurst{5000};
constexpr milliseconds kLongestRest{10'000};

class WatchLoop {
 public:
  WatchLoop(const WatchOptions& options, const WatchHooks& hooks, int stop)
      : options_(options), hooks_(hooks), stop_(stop), growing_(options.quiet) {}

  void run() {
    look_at_everything();
    while (!stopped_) {
      wait();
      if (stopped_) return;
      const auto now = Clock::now();
      if (now >= next_rescan_ || (everything_ && now >= ready_)) {
        look_at_everything();
      } else if (!changed_.empty() && now >= ready_) {
        look_at_changes();
      }
    }
  }

 private:
  void look_at_everything() {
    everything_ = false;
    changed_.clear();
    // First the watch, then the look: nothing that happens in between is lost.
    watch_.add(options_.roots);
    tell_limits();
    const bool done = try_run(std::nullopt);
    const bool root_missing =
        std::any_of(options_.roots.begin(), options_.roots.end(), [](const std::string& root) {
          std::error_code error;
          return !std::filesystem::is_directory(root, error);
        });
    next_rescan_ = Clock::now() + (done && !root_missing ? rescan() : options_.retry);
    growing_.forget_before(Clock::now() - 2 * rescan());
  }

  void look_at_changes() {
    std::vector<ChangedFolder> folders;
    for (const auto& [path, below] : changed_) folders.push_back({path, below});
    changed_.clear();
    if (!try_run(folders)) next_rescan_ = Clock::now() + options_.retry;
  }

  bool try_run(const std::optional<std::vector<ChangedFolder>>& changed) {
    try {
      const auto begin = Clock::now();
      const IndexRunResult result =
          hooks_.run(changed, [this](const FoundFile& file) { return growing_.settled(file); });
      stopped_ = stopped_ || result.stopped;
      for (const std::string& folder : result.unsettled) changed_.emplace(folder, false);
      const auto end = Clock::now();
      burst_began_ = end;
      ready_ = end + options_.quiet + milliseconds(10);
      // With large collections even a run that finds little takes its time.
      rest_ = end + std::min<Clock::duration>(end - begin, kLongestRest);
      return true;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::io) throw;
      hooks_.say(std::string(error.what()) + "; trying again in " +
                 std::to_string(options_.retry.count() / 1000) + " s");
      return false;
    }
  }

  // Until something is to be done: sets stopped_, everything_ or changed_.
  void wait() {
    if (hooks_.waiting && changed_.empty()) hooks_.waiting();
    for (;;) {
      const auto now = Clock::now();
      auto until = next_rescan_;
      if (everything_ || !changed_.empty()) until = std::min(until, ready_);
      if (now >= until) return;
      // Rounded up, or the last moment would be spent in circles.
      const auto left = std::chrono::ceil<milliseconds>(until - now);
      std::array<pollfd, 2> open{{{stop_, POLLIN, 0}, {watch_.descriptor(), POLLIN, 0}}};
      const int happened = ::poll(open.data(), open.size(), static_cast<int>(left.count()));
      if (open[0].revents != 0) {
        stopped_ = true;
        return;
      }
      if (happened > 0 && open[1].revents != 0) take_changes();
    }
  }

  void take_changes() {
    const FolderChanges changes = watch_.take();
    tell_limits();
    const auto now = Clock::now();
    if (!changes.everything && changes.folders.empty()) return;
    if (!everything_ && changed_.empty()) burst_began_ = now;
    everything_ = everything_ || changes.everything;
    for (const ChangedFolder& folder : changes.folders) {
      bool& below = changed_.emplace(folder.path, folder.below).first->second;
      below = below || folder.below;
    }
    ready_ = std::max(std::min(now + kBurst, burst_began_ + kLongestBurst), rest_);
  }

  void tell_limits() {
    for (const FolderWatch::RemoteFolder& folder : watch_.take_remote()) {
      remote_ = true;
      hooks_.say(folder.path + ": lies on " + folder.kind +
                 ", where changes made elsewhere may not be told; all is looked through every " +
                 std::to_string(rescan().count() / 1000) + " s");
    }
    if (watch_.incomplete().empty() || watch_.incomplete() == told_) return;
    told_ = watch_.incomplete();
    hooks_.say(told_ + "; changes in the others are seen every " +
               std::to_string(rescan().count() / 1000) + " s");
  }

  [[nodiscard]] milliseconds rescan() const {
    if (options_.rescan) return *options_.rescan;
    return remote_ || !watch_.incomplete().empty() ? kRemoteRescan : kUsualRescan;
  }

  const WatchOptions& options_;
  const WatchHooks& hooks_;
  int stop_;
  FolderWatch watch_;
  GrowingFiles growing_;
  std::map<std::string, bool> changed_;  // folder, and whether those in it are meant too
  bool everything_ = false;
  bool stopped_ = false;
  bool remote_ = false;
  std::string told_;
  Clock::time_point ready_;  // to look at what changed
  Clock::time_point rest_;   // no sooner
  Clock::time_point burst_began_;
  Clock::time_point next_rescan_;
};

}  // namespace

void watch_folders(const WatchOptions& options, const WatchHooks& hooks, int stop) {
  WatchLoop(options, hooks, stop).run();
}

}  // namespace facet::detail
