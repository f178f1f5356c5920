// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "dataset/label_lists.hpp"
#include "dataset/layouts.hpp"
#include "dataset/lfwa_matrix.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

// An identity is the place of the person among all names, so that it does not depend on order.
void number_people(Collection& collection) {
  const auto person = [](const LabelledPhoto& photo) {
    return fs::path(photo.name).parent_path().generic_string();
  };
  std::set<std::string> people;
  for (const LabelledPhoto& photo : collection.photos) people.insert(person(photo));
  const std::vector<std::string> sorted(people.begin(), people.end());
  for (LabelledPhoto& photo : collection.photos) {
    const auto place = std::lower_bound(sorted.begin(), sorted.end(), person(photo));
    photo.identity = static_cast<int>(place - sorted.begin());
  }
}

}  // namespace

std::optional<LfwaFiles> find_lfwa(const fs::path& root) {
  LfwaFiles files;
  files.attributes = first_existing(
      root, {"anno/list_attr_lfwa.txt", "Anno/list_attr_lfwa.txt", "list_attr_lfwa.txt"});
  files.matrix =
      first_existing(root, {"lfw_att_40.mat", "anno/lfw_att_40.mat", "Anno/lfw_att_40.mat",
                            "lfw_att_73.mat", "anno/lfw_att_73.mat", "Anno/lfw_att_73.mat"});
  files.partitions = first_existing(
      root,
      {"anno/list_eval_partition.txt", "Anno/list_eval_partition.txt", "list_eval_partition.txt"});
  files.part_matrix = first_existing(root, {"indices_train_test.mat", "anno/indices_train_test.mat",
                                            "Anno/indices_train_test.mat"});
  files.detector_boxes = first_existing(
      root,
      {"anno/list_bbox_detector.txt", "Anno/list_bbox_detector.txt", "list_bbox_detector.txt"});
  files.photos = first_existing(
      root, {"lfw-deepfunneled/lfw-deepfunneled", "lfw-deepfunneled", "lfw_funneled", "lfw"});
  const bool known = !files.attributes.empty() || !files.matrix.empty() ||
                     files.photos.filename() == "lfw-deepfunneled";
  if (!known) return std::nullopt;
  return files;
}

Collection read_lfwa(const fs::path& root, const LfwaFiles& files, Faults& faults) {
  Collection collection;
  collection.kind = CollectionKind::lfwa;
  collection.root = root;
  if (files.attributes.empty() && files.matrix.empty()) {
    faults.error(ErrorCode::not_found,
                 root.string() + ": no anno/list_attr_lfwa.txt and no lfw_att_40.mat");
    return collection;
  }
  if (files.photos.empty()) {
    faults.error(ErrorCode::not_found, root.string() + ": no folder lfw-deepfunneled");
    return collection;
  }
  const PhotoIndex index(files.photos, true);
  LabelledPhotos photos(collection, index, faults);
  if (!files.attributes.empty()) {
    read_attribute_list(files.attributes, collection, photos, faults);
  } else {
    read_lfwa_matrix(files.matrix, collection, photos, faults);
  }
  if (!files.partitions.empty()) {
    read_partitions(files.partitions, photos, faults);
  } else if (!files.part_matrix.empty() && files.attributes.empty()) {
    read_lfwa_parts(files.part_matrix, collection, faults);
  }
  if (!files.detector_boxes.empty()) read_boxes(files.detector_boxes, true, photos, faults);
  number_people(collection);
  if (index.size() > collection.photos.size()) {
    faults.warning(std::to_string(index.size() - collection.photos.size()) + " photos of " +
                   index.folder().string() + " have no labels");
  }
  return collection;
}

}  // namespace facet::detail

namespace facet::detail {

Collection read_lfwa_extended(const std::filesystem::path& root) {
  auto files = find_lfwa(root);
  if (!files) throw Error(ErrorCode::not_found, root.string() + " holds no LFWA");
  files->matrix.clear();
  files->attributes = first_existing(
      root,
      {"anno/list_attr_extended.txt", "Anno/list_attr_extended.txt", "list_attr_extended.txt"});
  if (files->attributes.empty()) {
    throw Error(ErrorCode::not_found,
                (root / "anno" / "list_attr_extended.txt").string() + ": no such file");
  }
  Faults faults(Faults::Mode::throw_first);
  Collection collection = read_lfwa(root, *files, faults);
  std::sort(collection.photos.begin(), collection.photos.end(),
            [](const LabelledPhoto& a, const LabelledPhoto& b) { return a.name < b.name; });
  return collection;
}

}  // namespace facet::detail
