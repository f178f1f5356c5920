// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "dataset/layouts.hpp"
#include "dataset/photo_index.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> subfolders(const fs::path& folder) {
  std::vector<fs::path> found;
  if (!fs::is_directory(folder)) return found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() && !entry.path().filename().native().starts_with('.')) {
      found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

// Beside photos: a collection of photos has no folders, so what they hold is left out.
void report_subfolders(const fs::path& root, Faults& faults) {
  std::string names;
  for (const fs::path& folder : subfolders(root)) {
    std::error_code error;
    const fs::directory_iterator readable(folder, error);
    if (error) {
      faults.error(ErrorCode::io, folder.string() + ": cannot read folder: " + error.message());
    } else {
      names += (names.empty() ? "" : ", ") + folder.filename().string();
    }
  }
  if (!names.empty()) faults.warning("folders beside the photos are left out: " + names);
}

void add_category(const fs::path& folder, int partition, Collection& collection) {
  const std::string category = folder.filename().string();
  const auto place =
      std::find(collection.category_names.begin(), collection.category_names.end(), category);
  for (const fs::path& relative : list_photos(folder, true)) {
    LabelledPhoto photo;
    photo.path = folder / relative;
    photo.name = photo.path.lexically_relative(collection.root).generic_string();
    photo.partition = partition;
    photo.category = static_cast<int>(place - collection.category_names.begin());
    collection.photos.push_back(std::move(photo));
  }
}

}  // namespace

Collection read_folders(const fs::path& root, Faults& faults) {
  Collection collection;
  collection.root = root;
  for (const fs::path& relative : list_photos(root, false)) {
    LabelledPhoto photo;
    photo.path = root / relative;
    photo.name = relative.generic_string();
    collection.photos.push_back(std::move(photo));
  }
  if (!collection.photos.empty()) {
    collection.kind = CollectionKind::photos;
    report_subfolders(root, faults);
    return collection;
  }

  std::vector<std::pair<fs::path, int>> folders;  // with the partition
  for (const fs::path& folder : subfolders(root / "train")) folders.emplace_back(folder, 0);
  for (const fs::path& folder : subfolders(root / "val")) folders.emplace_back(folder, 1);
  const bool parted = !folders.empty();
  if (!parted) {
    for (const fs::path& folder : subfolders(root)) folders.emplace_back(folder, -1);
  }
  std::set<std::string> names[2];
  for (const auto& [folder, partition] : folders) {
    names[std::max(partition, 0)].insert(folder.filename().string());
  }
  std::set<std::string> all = names[0];
  all.insert(names[1].begin(), names[1].end());
  collection.category_names.assign(all.begin(), all.end());
  for (const auto& [folder, partition] : folders) add_category(folder, partition, collection);
  if (collection.photos.empty()) {
    faults.error(ErrorCode::not_found, root.string() + ": no photos and no label files");
    return collection;
  }
  collection.kind = CollectionKind::categories;
  if (!names[1].empty()) {
    for (const std::string& name : names[1]) {
      if (!names[0].contains(name)) faults.warning("category " + name + " is in val only");
    }
    for (const std::string& name : names[0]) {
      if (!names[1].contains(name)) faults.warning("category " + name + " is in train only");
    }
  }
  return collection;
}

}  // namespace facet::detail
