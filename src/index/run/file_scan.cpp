// SPDX-License-Identifier: Apache-2.0
#include "index/run/file_scan.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <system_error>

#include "facet/error.hpp"
#include "index/sidecars/sidecar_name.hpp"
#include "photos/file_kind.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

std::int64_t modified(const struct stat& status) {
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

struct Listing {
  std::vector<FoundFile> photos;
  std::map<std::string, std::int64_t> sidecars;  // name: when it changed
  std::vector<std::string> folders;
  PassedOver passed_over;
  bool read = false;
};

void add_folder(Listing& listing, const std::string& path, const std::string& name, bool link) {
  if (is_systems_folder(name)) {
    listing.passed_over.left_out.insert(name);
  } else if (link) {
    listing.passed_over.linked.insert(path);
  } else {
    listing.folders.push_back(path);
  }
}

Listing list_folder(const std::string& folder) {
  Listing listing;
  const std::unique_ptr<DIR, CloseFolder> open(::opendir(folder.c_str()));
  if (!open) {
    listing.read = errno == ENOENT;  // it has just been removed, and holds nothing
    return listing;
  }
  const int descriptor = ::dirfd(open.get());
  errno = 0;
  while (const dirent* entry = ::readdir(open.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const FileKind kind = kind_of_file(name);
    const bool photo = kind == FileKind::photo;
    const bool sidecar = is_sidecar_name(name);
    const bool wanted = kind != FileKind::other || sidecar;
    if (!wanted && entry->d_type == DT_REG) continue;
    struct stat status {};
    // A link to a photo is a photo; a link to a folder could lead round in circles.
    if (::fstatat(descriptor, name.c_str(), &status, 0) != 0) continue;
    if (S_ISDIR(status.st_mode)) {
      struct stat link {};
      if (::fstatat(descriptor, name.c_str(), &link, AT_SYMLINK_NOFOLLOW) == 0) {
        std::string path = folder;
        path.append("/").append(name);
        add_folder(listing, path, name, S_ISLNK(link.st_mode));
      }
    } else if (S_ISREG(status.st_mode) && photo) {
      listing.photos.push_back({folder, name, {status.st_size, modified(status), 0}});
    } else if (S_ISREG(status.st_mode) && sidecar) {
      listing.sidecars.emplace(name, modified(status));
    } else if (S_ISREG(status.st_mode) && kind == FileKind::video) {
      ++listing.passed_over.videos[lower_extension(name)];
    } else if (S_ISREG(status.st_mode) && kind == FileKind::other_picture) {
      ++listing.passed_over.other_formats[lower_extension(name)];
    }
    errno = 0;
  }
  listing.read = errno == 0;
  return listing;
}

std::int64_t sidecar_change(const std::map<std::string, std::int64_t>& sidecars,
                            const std::string& photo) {
  std::int64_t newest = 0;
  for (const std::string& name : sidecar_names(photo)) {
    const auto at = sidecars.find(name);
    if (at != sidecars.end()) newest = std::max(newest, at->second);
  }
  return newest;
}

void add(PassedOver& all, PassedOver&& more) {
  for (const auto& [extension, count] : more.other_formats) all.other_formats[extension] += count;
  for (const auto& [extension, count] : more.videos) all.videos[extension] += count;
  all.left_out.merge(more.left_out);
  all.linked.merge(more.linked);
}

// Adds what lies in the folder, and below it where that is asked for.
void scan(std::string folder, bool below, FileScan& found) {
  std::vector<std::string> waiting = {std::move(folder)};
  while (!waiting.empty()) {
    const std::string next = std::move(waiting.back());
    waiting.pop_back();
    Listing listing = list_folder(next);
    if (!listing.read) found.unread.push_back(next);
    for (FoundFile& photo : listing.photos) {
      photo.state.sidecar = sidecar_change(listing.sidecars, photo.name);
      found.files.push_back(std::move(photo));
    }
    add(found.passed_over, std::move(listing.passed_over));
    if (!below) return;
    std::move(listing.folders.begin(), listing.folders.end(), std::back_inserter(waiting));
  }
}

// Without those that another one's scan comes to.
std::vector<std::string> outermost(std::vector<std::string> roots) {
  std::sort(roots.begin(), roots.end());
  std::vector<std::string> kept;
  for (std::string& root : roots) {
    const bool inside = std::any_of(kept.begin(), kept.end(), [&](const std::string& other) {
      return lies_in(root, other) && !is_left_out(root, other);
    });
    if (!inside) kept.push_back(std::move(root));
  }
  return kept;
}

void sort_files(FileScan& found) {
  std::sort(found.files.begin(), found.files.end(), [](const FoundFile& a, const FoundFile& b) {
    return a.folder != b.folder ? a.folder < b.folder : a.name < b.name;
  });
}

}  // namespace

std::string absolute_root(const fs::path& root) {
  std::error_code error;
  fs::path whole = fs::weakly_canonical(fs::absolute(root), error);
  if (error) whole = fs::absolute(root).lexically_normal();
  std::string text = whole.string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

std::string absolute_photo(const fs::path& photo) {
  const fs::path whole = fs::absolute(photo).lexically_normal();
  const std::string folder = absolute_root(whole.parent_path());
  return (folder == "/" ? folder : folder + '/') + whole.filename().string();
}

bool lies_in(std::string_view folder, std::string_view root) {
  if (root == "/") return true;
  return folder.starts_with(root) && (folder.size() == root.size() || folder[root.size()] == '/');
}

bool is_left_out(std::string_view folder, std::string_view root) {
  const fs::path below(folder.substr(std::min(root.size(), folder.size())));
  return std::any_of(below.begin(), below.end(),
                     [](const fs::path& part) { return is_systems_folder(part.string()); });
}

FileScan scan_folders(const std::vector<std::string>& roots) {
  FileScan found;
  for (const std::string& root : outermost(roots)) {
    struct stat status {};
    if (::stat(root.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
      found.missing_roots.push_back(root);
      continue;
    }
    const std::size_t before = found.files.size();
    scan(root, true, found);
    // What an unmounted disk leaves is an empty folder.
    if (found.files.size() == before) found.missing_roots.push_back(root);
  }
  sort_files(found);
  return found;
}

FileScan scan_changed(const std::vector<ChangedFolder>& folders) {
  FileScan found;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const ChangedFolder& folder = folders[i];
    // Each once: what lies in another is found there, and of two that are alike the first counts.
    bool twice = false;
    for (std::size_t other = 0; other < folders.size() && !twice; ++other) {
      const bool alike = folders[other].path == folder.path && folders[other].below == folder.below;
      twice = other != i &&
              (alike ? other < i : folders[other].below && folders[other].covers(folder.path));
    }
    if (!twice) scan(folder.path, folder.below, found);
  }
  sort_files(found);
  return found;
}

PhotoFileState look_at_file(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    throw Error(missing ? ErrorCode::not_found : ErrorCode::io,
                file.string() + ": " + std::generic_category().message(errno));
  }
  PhotoFileState state{status.st_size, modified(status), 0};
  for (const std::string& name : sidecar_names(file.filename().string())) {
    struct stat beside {};
    if (::stat((file.parent_path() / name).c_str(), &beside) == 0) {
      state.sidecar = std::max(state.sidecar, modified(beside));
    }
  }
  return state;
}

}  // namespace facet::detail
