// SPDX-License-Identifier: Apache-2.0
// What happens in folders and all below them, as the system tells it (inotify).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "index/run/file_scan.hpp"

namespace facet::detail {

struct FolderChanges {
  std::vector<ChangedFolder> folders;  // in which something happened; each once
  bool everything = false;             // more happened than the system can tell, or a root went
};

// Not thread-safe.
class FolderWatch {
 public:
  // Nothing is watched yet. Throws Error(io) where the system has no more watches at all.
  FolderWatch();
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  // Watches these folders with all below them, now and later. Those that are watched already stay
  // so. A folder that is not there is left out.
  void add(const std::vector<std::string>& roots);

  // Readable when there is something to take.
  [[nodiscard]] int descriptor() const { return descriptor_; }
  // What happened since the last call; watches folders that are new.
  FolderChanges take();

  [[nodiscard]] std::size_t folders() const { return paths_.size(); }
  // Why some folders are not watched: the system's limit. Empty where all are.
  [[nodiscard]] const std::string& incomplete() const { return incomplete_; }
  // A folder on a disk that others may change unheard, and what that is; said once for each disk.
  struct RemoteFolder {
    std::string path;
    std::string kind;
  };
  [[nodiscard]] std::vector<RemoteFolder> take_remote();

 private:
  void watch_below(const std::string& folder, std::optional<std::uint64_t> device_above);
  void forget_below(const std::string& folder);
  [[nodiscard]] bool is_root(const std::string& folder) const;

  int descriptor_ = -1;
  std::vector<std::string> roots_;
  std::unordered_map<int, std::string> paths_;    // by watch
  std::unordered_map<std::string, int> watches_;  // by path
  std::vector<RemoteFolder> remote_;
  std::string incomplete_;
};

}  // namespace facet::detail
