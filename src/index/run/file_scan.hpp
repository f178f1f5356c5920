// SPDX-License-Identifier: Apache-2.0
// Which photos lie in folders now.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "index/store/photo_table.hpp"
#include "photos/passed_over.hpp"

namespace facet::detail {

struct FoundFile {
  std::string folder;  // absolute
  std::string name;
  PhotoFileState state;

  [[nodiscard]] std::string path() const { return folder + '/' + name; }
};

struct FileScan {
  std::vector<FoundFile> files;            // by folder, then name
  std::vector<std::string> missing_roots;  // that are not there, or hold no photo at all
  std::vector<std::string> unread;         // folders that could not be listed: nobody knows
                                           // whether their photos are gone
  PassedOver passed_over;
};

// An absolute path without . and .. and links; a path that is not there keeps its last parts.
std::string absolute_root(const std::filesystem::path& root);

// The same of a photo, whose own name stays even where it is a link: as scan_folders() names it.
std::string absolute_photo(const std::filesystem::path& photo);

// True where `folder` is `root` or lies below it.
bool lies_in(std::string_view folder, std::string_view root);

// Whether a folder of the system's own (is_systems_folder) lies between the two, or is `folder`,
// which is `root` or lies below it: then a scan of the root does not come there.
bool is_left_out(std::string_view folder, std::string_view root);

// All photos (kind_of_file) in and below the roots, each once however roots overlap. Follows no
// links to folders, and enters no folder of the system's own (is_systems_folder) but a root.
FileScan scan_folders(const std::vector<std::string>& roots);

// A folder in which something happened.
struct ChangedFolder {
  std::string path;    // absolute
  bool below = false;  // in the folders in it, too

  [[nodiscard]] bool covers(std::string_view folder) const {
    return below ? lies_in(folder, path) : folder == path;
  }
};

// The photos of such folders alone. A folder that is no longer there holds none, and is no missing
// root.
FileScan scan_changed(const std::vector<ChangedFolder>& folders);

// One file as it is now; throws Error: not_found, io.
PhotoFileState look_at_file(const std::filesystem::path& file);

}  // namespace facet::detail
