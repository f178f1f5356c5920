// SPDX-License-Identifier: Apache-2.0
#include "photos/photo_folder.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <system_error>

#include "photos/file_kind.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

class Search {
 public:
  Search(fs::path root, bool below) : root_(std::move(root)), below_(below) {}

  FolderPhotos run() {
    enter({});
    while (!folders_.empty() || !linked_.empty()) {
      // Real folders first: a photo's own path is the one without links.
      std::set<fs::path>& next = folders_.empty() ? linked_ : folders_;
      enter(next.extract(next.begin()).value());
    }
    for (std::vector<fs::path>* files : {&found_.photos, &found_.videos}) {
      std::sort(files->begin(), files->end(), [](const fs::path& a, const fs::path& b) {
        return a.generic_string() < b.generic_string();
      });
    }
    return std::move(found_);
  }

 private:
  void enter(const fs::path& relative) {
    const fs::path folder = relative.empty() ? root_ : root_ / relative;
    struct ::stat status {};
    if (::stat(folder.c_str(), &status) == 0 &&
        !seen_.emplace(status.st_dev, status.st_ino).second) {
      return;
    }
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
      add(*entry, relative / entry->path().filename());
    }
    if (error) found_.unreadable.emplace_back(relative, error.message());
  }

  void add(const fs::directory_entry& entry, const fs::path& relative) {
    std::error_code gone;
    const fs::file_type type = entry.status(gone).type();
    const std::string name = relative.filename().string();
    if (type == fs::file_type::directory) {
      if (!below_) return;
      if (is_systems_folder(name)) {
        found_.left_out.insert(name);
      } else {
        (entry.is_symlink(gone) ? linked_ : folders_).insert(relative);
      }
      return;
    }
    const bool may_be_read = type == fs::file_type::regular || type == fs::file_type::not_found ||
                             type == fs::file_type::none;
    if (!may_be_read) return;
    switch (kind_of_file(name)) {
      case FileKind::photo:
        found_.photos.push_back(relative);
        break;
      case FileKind::video:
        found_.videos.push_back(relative);
        break;
      case FileKind::other_picture:
        ++found_.other_formats[lower_extension(name)];
        break;
      case FileKind::other:
        break;
    }
  }

  fs::path root_;
  bool below_;
  FolderPhotos found_;
  std::set<fs::path> folders_;  // still to be searched
  std::set<fs::path> linked_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;  // device, inode
};

}  // namespace

FolderPhotos find_photos(const fs::path& folder, bool below) {
  return Search(folder, below).run();
}

}  // namespace facet::detail
