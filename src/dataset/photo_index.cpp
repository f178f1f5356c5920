// SPDX-License-Identifier: Apache-2.0
#include "dataset/photo_index.hpp"

#include <algorithm>

#include "facet/error.hpp"
#include "facet/image.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

template <typename Iterator>
void collect(const fs::path& folder, std::vector<fs::path>& found) {
  std::error_code failure;
  for (Iterator entry(folder, failure), end; !failure && entry != end; entry.increment(failure)) {
    const fs::path& path = entry->path();
    // macOS leaves "._name.jpg" beside each photo of an archive.
    if (path.filename().native().starts_with('.') || !has_photo_extension(path)) continue;
    if (entry->is_directory()) continue;
    found.push_back(path.lexically_relative(folder));
  }
  if (failure) {
    throw Error(ErrorCode::io, "cannot list " + folder.string() + ": " + failure.message());
  }
}

}  // namespace

std::vector<fs::path> list_photos(const fs::path& folder, bool recursive) {
  std::vector<fs::path> found;
  if (recursive) {
    collect<fs::recursive_directory_iterator>(folder, found);
  } else {
    collect<fs::directory_iterator>(folder, found);
  }
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) {
    return a.generic_string() < b.generic_string();
  });
  return found;
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
