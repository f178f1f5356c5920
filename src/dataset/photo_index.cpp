// SPDX-License-Identifier: Apache-2.0
#include "dataset/photo_index.hpp"

#include <algorithm>

#include "facet/error.hpp"
#include "facet/image.hpp"
#include "photos/photo_folder.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

}  // namespace

std::vector<fs::path> list_photos(const fs::path& folder, bool recursive) {
  FolderPhotos found = find_photos(folder, recursive);
  if (!found.unreadable.empty()) {
    const auto& [relative, reason] = found.unreadable.front();
    throw Error(
        ErrorCode::io,
        "cannot list " + (relative.empty() ? folder : folder / relative).string() + ": " + reason);
  }
  // What is hidden is no part of a collection.
  std::erase_if(found.photos,
                [](const fs::path& photo) { return photo.filename().native().starts_with('.'); });
  return std::move(found.photos);
}

std::string photo_stem(std::string_view name) {
  std::string stem(name);
  std::replace(stem.begin(), stem.end(), '\\', '/');
  if (has_photo_extension(stem)) stem.resize(stem.rfind('.'));
  return stem;
}

PhotoIndex::PhotoIndex(fs::path folder, bool recursive) : folder_(std::move(folder)) {
  for (const fs::path& photo : list_photos(folder_, recursive)) {
    const std::string name = photo.generic_string();
    by_stem_[photo_stem(name)].push_back(name);
  }
}

fs::path PhotoIndex::find(std::string_view name) const {
  const auto found = by_stem_.find(photo_stem(name));
  if (found == by_stem_.end()) return {};
  const auto& names = found->second;
  const auto exact = std::find(names.begin(), names.end(), name);
  return folder_ / (exact != names.end() ? *exact : names.front());
}

}  // namespace facet::detail
