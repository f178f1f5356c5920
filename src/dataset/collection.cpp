// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>
#include <thread>

#include "base/parallel_loop.hpp"
#include "dataset/layouts.hpp"
#include "dataset/photo_index.hpp"
#include "facet/image.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

// A folder above the collections must not pass for one of categories.
bool refuse_folder_of_collections(const fs::path& root, Faults& faults) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator entry(root, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    if (!entry->is_directory(gone) || gone) continue;
    const fs::path& folder = entry->path();
    const std::string name = folder.filename().string();
    if (find_lfwa(folder)) {
      found.push_back(name + " (LFWA)");
    } else if (find_celeba(folder)) {
      found.push_back(name + " (CelebA)");
    }
  }
  if (found.empty()) return false;
  std::sort(found.begin(), found.end());
  std::string names;
  for (const std::string& one : found) names += (names.empty() ? "" : ", ") + one;
  faults.error(ErrorCode::not_found,
               root.string() + ": is no collection; there are some in it: " + names);
  return true;
}

Collection read_any(fs::path root, Faults& faults) {
  if (!fs::is_directory(root)) {
    throw Error(ErrorCode::not_found, root.string() + " is no folder");
  }
  root = root.lexically_normal();
  if (root.filename().empty()) root = root.parent_path();  // "celeba/" is "celeba"
  Collection collection;
  if (const auto lfwa = find_lfwa(root)) {
    collection = read_lfwa(root, *lfwa, faults);
  } else if (const auto celeba = find_celeba(root)) {
    collection = read_celeba(root, *celeba, faults);
  } else {
    collection.root = root;
    if (!refuse_folder_of_collections(root, faults)) collection = read_folders(root, faults);
  }
  std::sort(collection.photos.begin(), collection.photos.end(),
            [](const LabelledPhoto& a, const LabelledPhoto& b) { return a.name < b.name; });
  return collection;
}

std::string describe(const Collection& collection) {
  const std::string count = std::to_string(collection.photos.size()) + " photos";
  const std::string attributes =
      ", " + std::to_string(collection.attribute_names.size()) + " attributes";
  switch (collection.kind) {
    case CollectionKind::celeba:
      return "CelebA: " + count + attributes;
    case CollectionKind::lfwa:
      return "LFWA: " + count + attributes;
    case CollectionKind::categories:
      return "folders of categories: " + count + ", " +
             std::to_string(collection.category_names.size()) + " categories";
    case CollectionKind::photos:
      break;
  }
  return "a folder of photos without labels: " + count;
}

void note_contents(const Collection& collection, Faults& faults) {
  faults.note(describe(collection));
  std::map<int, int> partitions;
  int without_identity = 0;
  int with_boxes = 0;
  for (const LabelledPhoto& photo : collection.photos) {
    ++partitions[photo.partition];
    without_identity += photo.identity < 0 ? 1 : 0;
    with_boxes += photo.boxes.empty() ? 0 : 1;
  }
  const int all = static_cast<int>(collection.photos.size());
  for (const auto& [partition, count] : partitions) {
    if (partition >= 0) {
      faults.note("partition " + std::to_string(partition) + ": " + std::to_string(count) +
                  " photos");
    } else if (count < all) {
      faults.warning(std::to_string(count) + " photos belong to no partition");
    }
  }
  if (collection.kind != CollectionKind::celeba && collection.kind != CollectionKind::lfwa) return;
  if (partitions.contains(-1) && partitions.size() == 1) {
    faults.note("no list_eval_partition: the photos belong to no partition");
  }
  if (without_identity == all) {
    faults.note("no identities");
  } else if (without_identity > 0) {
    faults.warning(std::to_string(without_identity) + " photos have no identity");
  }
  if (with_boxes > 0) faults.note(std::to_string(with_boxes) + " photos have boxes");
  for (const std::string& name : celeba_attribute_names()) {
    const auto& names = collection.attribute_names;
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      faults.warning("attribute " + name + " is missing");
    }
  }
}

void decode_all(const Collection& collection, Faults& faults) {
  std::vector<std::optional<Error>> failures(collection.photos.size());
  const int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  for_each_parallel(failures.size(), threads, [&](std::size_t i) {
    if (collection.photos[i].path.empty()) return;  // missing, and reported as such
    try {
      read_image(collection.photos[i].path);
    } catch (const Error& error) {
      failures[i] = error;
    }
  });
  for (std::size_t i = 0; i < failures.size(); ++i) {
    if (!failures[i]) continue;
    const std::string path = collection.photos[i].path.string();
    const std::string reason = failures[i]->what();
    const bool named = reason.find(path) != std::string::npos;
    faults.error(failures[i]->code(), named ? reason : path + ": " + reason);
  }
}

}  // namespace

std::filesystem::path first_existing(const fs::path& root,
                                     std::initializer_list<const char*> candidates) {
  for (const char* candidate : candidates) {
    if (fs::exists(root / candidate)) return root / candidate;
  }
  return {};
}

Collection read_collection(const std::filesystem::path& root) {
  Faults faults(Faults::Mode::throw_first);
  return read_any(root, faults);
}

std::vector<Finding> check_collection(const std::filesystem::path& root, bool decode) {
  Faults faults(Faults::Mode::gather);
  const Collection collection = read_any(root, faults);
  if (!collection.photos.empty()) note_contents(collection, faults);
  if (decode) decode_all(collection, faults);
  return faults.findings();
}

std::vector<std::filesystem::path> scenes(const std::filesystem::path& root, ScenePart part) {
  if (!std::filesystem::is_directory(root)) {
    throw Error(ErrorCode::not_found, root.string() + " is no folder");
  }
  constexpr std::size_t kTrain = 940;
  constexpr std::size_t kThreshold = 190;
  const auto photos = list_photos(root, false);
  const std::size_t train_end = std::min(kTrain, photos.size());
  const std::size_t threshold_end = std::min(kTrain + kThreshold, photos.size());
  const std::size_t begin = part == ScenePart::train       ? 0
                            : part == ScenePart::threshold ? train_end
                                                           : threshold_end;
  const std::size_t end = part == ScenePart::train       ? train_end
                          : part == ScenePart::threshold ? threshold_end
                                                         : photos.size();
  std::vector<std::filesystem::path> chosen;
  for (std::size_t i = begin; i < end; ++i) chosen.push_back(root / photos[i]);
  return chosen;
}

std::string object_kind(const std::filesystem::path& photo) {
  const std::string stem = photo.stem().string();
  return stem.substr(0, stem.rfind('_'));
}

std::vector<std::filesystem::path> objects(const std::filesystem::path& root, ObjectPart part) {
  if (!std::filesystem::is_directory(root)) {
    throw Error(ErrorCode::not_found, root.string() + " is no folder");
  }
  constexpr std::size_t kEvery = 5;
  const auto photos = list_photos(root, false);
  std::map<std::string, std::size_t> ranks;  // of the kinds
  for (const auto& photo : photos) ranks[object_kind(photo)] = 0;
  std::size_t rank = 0;
  for (auto& [kind, place] : ranks) place = rank++;
  std::vector<std::filesystem::path> chosen;
  for (const auto& photo : photos) {
    const bool chooses = ranks.at(object_kind(photo)) % kEvery == 0;
    if (chooses == (part == ObjectPart::choose)) chosen.push_back(root / photo);
  }
  return chosen;
}

}  // namespace facet::detail
