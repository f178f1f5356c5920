// SPDX-License-Identifier: Apache-2.0
// Pictures made from photos, in one folder.
#pragma once

#include <filesystem>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/output_guard.hpp"
#include "facet/image.hpp"
#include "photos/photo_list.hpp"

namespace facet::detail {

// Chooses a name for each photo's picture: no two alike, whatever folders the photos come from, the
// same in every run over the same photos, and never a photo's of this run. Names that are too long
// end in a hash. Lossless sources give PNG, others JPEG. Pictures carry facet's mark
// (picture_mark.hpp).
class PictureFolder {
 public:
  // Creates the folder and claims every name. Throws Error(io) where the folder cannot be made, and
  // as OutputGuard::claim does; the guard must know the photos already.
  PictureFolder(const std::string& folder, std::span<const PhotoFile> photos, OutputGuard& guard);

  // Thread-safe. What cannot be written is no reason to lose results: it is remembered.
  void write(std::size_t photo, const Image& picture);
  // A line a picture that could not be written.
  [[nodiscard]] const std::vector<std::string>& failures() const { return failures_; }
  [[nodiscard]] const std::vector<OutputTarget>& targets() const { return targets_; }

 private:
  std::vector<OutputTarget> targets_;  // a photo
  std::mutex mutex_;
  std::vector<std::string> failures_;
};

}  // namespace facet::detail
