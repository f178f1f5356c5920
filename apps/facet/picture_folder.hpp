// SPDX-License-Identifier: Apache-2.0
// Pictures made from photos, in one folder.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "facet/image.hpp"
#include "photos/photo_list.hpp"

namespace facet::cli {
using namespace detail;

// Chooses a name for each photo's picture: no two alike, whatever folders the photos come from,
// and none that would replace one of the photos. Lossless sources give PNG, others JPEG.
class PictureFolder {
 public:
  // Creates the folder; throws Error(io) where that fails.
  PictureFolder(const std::string& folder, std::span<const PhotoFile> photos);

  // Thread-safe. Throws Error(io).
  void write(std::size_t photo, const Image& picture) const;
  [[nodiscard]] const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  std::vector<std::filesystem::path> files_;  // a photo
};

}  // namespace facet::cli
