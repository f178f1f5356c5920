// SPDX-License-Identifier: Apache-2.0
#include "index/watch/folder_watch.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

#include "facet/error.hpp"
#include "index/sidecars/sidecar_name.hpp"
#include "index/watch/file_system.hpp"
#include "photos/file_kind.hpp"

namespace facet::detail {
namespace {

// Not IN_MODIFY: a long copy would wake us all the time. Its end is IN_CLOSE_WRITE.
constexpr std::uint32_t kWhat = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
                                IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF |
                                IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK;

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

std::vector<std::string> folders_in(const std::string& folder) {
  std::vector<std::string> found;
  const std::unique_ptr<DIR, CloseFolder> open(::opendir(folder.c_str()));
  if (!open) return found;
  while (const dirent* entry = ::readdir(open.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == ".." || (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN)) {
      continue;
    }
    struct stat status {};
    if (::fstatat(::dirfd(open.get()), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISDIR(status.st_mode) && !is_systems_folder(name)) {
      found.push_back((folder == "/" ? folder : folder + '/') + name);
    }
  }
  return found;
}

// Adds to what changed.
void note(FolderChanges& changes, std::string folder, bool below) {
  for (ChangedFolder& known : changes.folders) {
    if (known.path != folder) continue;
    known.below = known.below || below;
    return;
  }
  constexpr std::size_t many = 1000;
  if (changes.folders.size() == many) {
    changes.everything = true;
  } else {
    changes.folders.push_back({std::move(folder), below});
  }
}

}  // namespace

FolderWatch::FolderWatch() : descriptor_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  if (descriptor_ < 0) {
    throw Error(ErrorCode::io,
                "folders cannot be watched: " + std::generic_category().message(errno));
  }
}

FolderWatch::~FolderWatch() {
  ::close(descriptor_);
}

void FolderWatch::add(const std::vector<std::string>& roots) {
  incomplete_.clear();
  for (const std::string& root : roots) {
    if (!is_root(root)) roots_.push_back(root);
    watch_below(root, std::nullopt);
  }
}

void FolderWatch::watch_below(const std::string& folder,
                              std::optional<std::uint64_t> device_above) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) return;
  const auto device = static_cast<std::uint64_t>(status.st_dev);
  const bool known = watches_.contains(folder);
  // Before it is listed: what is made meanwhile is then either listed or told.
  const int watch = ::inotify_add_watch(descriptor_, folder.c_str(), kWhat);
  if (watch < 0) {
    if (errno == ENOSPC || errno == ENOMEM) {
      incomplete_ = "the system watches no more than " + std::to_string(paths_.size()) +
                    " folders for this user (sysctl fs.inotify.max_user_watches)";
    }
    return;
  }
  if (const auto before = paths_.find(watch); before != paths_.end()) {
    watches_.erase(before->second);  // the same folder under another name
  }
  paths_[watch] = folder;
  watches_[folder] = watch;
  if (!known && device_above != device) {
    if (std::string kind = remote_file_system_of(folder); !kind.empty()) {
      remote_.push_back({folder, std::move(kind)});
    }
  }
  for (const std::string& inside : folders_in(folder)) watch_below(inside, device);
}

void FolderWatch::forget_below(const std::string& folder) {
  std::erase_if(paths_, [&](const auto& entry) {
    const auto& [watch, path] = entry;
    if (!lies_in(path, folder)) return false;
    ::inotify_rm_watch(descriptor_, watch);
    watches_.erase(path);
    return true;
  });
}

bool FolderWatch::is_root(const std::string& folder) const {
  return std::find(roots_.begin(), roots_.end(), folder) != roots_.end();
}

FolderChanges FolderWatch::take() {
  FolderChanges changes;
  alignas(inotify_event) std::array<char, 64 * 1024> buffer{};
  for (;;) {
    const ssize_t count = ::read(descriptor_, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return changes;
    for (const char* at = buffer.data(); at < buffer.data() + count;) {
      inotify_event event{};
      std::memcpy(&event, at, sizeof event);
      const std::string name = event.len > 0 ? std::string(at + sizeof event) : std::string();
      at += sizeof event + event.len;
      if ((event.mask & IN_Q_OVERFLOW) != 0) {
        changes.everything = true;
        continue;
      }
      const auto known = paths_.find(event.wd);
      if (known == paths_.end()) continue;
      const std::string folder = known->second;
      if ((event.mask & (IN_IGNORED | IN_UNMOUNT | IN_DELETE_SELF | IN_MOVE_SELF)) != 0) {
        // Of other folders the one above them tells, or has told.
        if (is_root(folder) || (event.mask & IN_UNMOUNT) != 0) changes.everything = true;
        if ((event.mask & IN_IGNORED) != 0) {
          watches_.erase(folder);
          paths_.erase(known);
        } else if ((event.mask & IN_MOVE_SELF) != 0 && is_root(folder)) {
          forget_below(folder);  // it is watched under a wrong name
        }
        continue;
      }
      if (name.empty()) continue;  // about the folder itself: the one above it tells
      if ((event.mask & IN_ISDIR) != 0) {
        if (is_systems_folder(name)) continue;
        const std::string inside = (folder == "/" ? folder : folder + '/') + name;
        if ((event.mask & (IN_MOVED_FROM | IN_DELETE)) != 0) forget_below(inside);
        if ((event.mask & (IN_MOVED_TO | IN_CREATE | IN_ATTRIB)) != 0) {
          watch_below(inside, std::nullopt);
        }
        note(changes, inside, true);
      } else if (kind_of_file(name) == FileKind::photo || is_sidecar_name(name)) {
        note(changes, folder, false);
      }
    }
  }
}

std::vector<FolderWatch::RemoteFolder> FolderWatch::take_remote() {
  return std::exchange(remote_, {});
}

}  // namespace facet::detail
