// SPDX-License-Identifier: Apache-2.0
// From what the user typed to the photos it stands for.
#pragma once

#include <filesystem>
#include <istream>
#include <string>
#include <vector>

namespace facet::detail {

struct PhotoFile {
  std::filesystem::path file;  // where it lies
  std::string shown;           // in results: as typed, or relative to the folder typed
  std::string picture_name;    // a flat name without extension, for pictures made from it
};

struct PhotoList {
  std::vector<PhotoFile> photos;
  std::size_t own_pictures = 0;  // in folders: drawn by facet, so no photos
};

// Files as typed; folders with all photos below them (known extensions in any case, sorted);
// "-" for a list of both, a line each, on `standard_input`. Throws Error(not_found) for a missing
// file or a folder without photos.
PhotoList collect_photos(const std::vector<std::string>& arguments, std::istream& standard_input);

}  // namespace facet::detail
