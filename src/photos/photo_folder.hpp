// SPDX-License-Identifier: Apache-2.0
// The photos below a folder, and what else somebody who looks for photos there should know.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace facet::detail {

struct FolderPhotos {
  std::vector<std::filesystem::path> photos;  // relative to the folder, sorted
  std::vector<std::filesystem::path> videos;  // the same
  // Folders that could not be read, relative ("" is the folder itself), and why.
  std::vector<std::pair<std::filesystem::path, std::string>> unreadable;
  std::map<std::string, std::size_t> other_formats;  // ".heic": how many were passed over
  std::set<std::string> left_out;                    // names of folders of the system's own
};

// Photos by their extensions (has_photo_extension), hidden ones too, links included where they lead
// to nothing. Linked folders are searched once, however many ways lead there, after the real ones.
// Left out: what other programs keep beside photos ("._name.jpg" of macOS), folders for deleted
// files and thumbnails.
FolderPhotos find_photos(const std::filesystem::path& folder, bool below = true);

}  // namespace facet::detail
