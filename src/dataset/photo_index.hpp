// SPDX-License-Identifier: Apache-2.0
// The photos below a folder, found by the name that a label file gives them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace facet::detail {

// Photos (known extensions, no hidden files) below a folder as paths relative to it, sorted. Throws
// Error(io) that names the folder which cannot be read.
std::vector<std::filesystem::path> list_photos(const std::filesystem::path& folder, bool recursive);

// A photo's name without a photo's extension, with forward slashes: what label files and the disk
// agree on where labels say .jpg and the photos are .png or .webp.
std::string photo_stem(std::string_view name);

class PhotoIndex {
 public:
  explicit PhotoIndex(std::filesystem::path folder, bool recursive);

  // The file for a name; empty where there is none. The very name wins over another extension.
  [[nodiscard]] std::filesystem::path find(std::string_view name) const;
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::size_t size() const { return by_stem_.size(); }

 private:
  std::filesystem::path folder_;
  std::map<std::string, std::vector<std::string>, std::less<>> by_stem_;
};

}  // namespace facet::detail
