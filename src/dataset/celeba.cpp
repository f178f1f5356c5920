// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "dataset/label_lists.hpp"
#include "dataset/layouts.hpp"

namespace facet::detail {

const std::vector<std::string>& celeba_attribute_names() {
  static const std::vector<std::string> names = {"5_o_Clock_Shadow",
                                                 "Arched_Eyebrows",
                                                 "Attractive",
                                                 "Bags_Under_Eyes",
                                                 "Bald",
                                                 "Bangs",
                                                 "Big_Lips",
                                                 "Big_Nose",
                                                 "Black_Hair",
                                                 "Blond_Hair",
                                                 "Blurry",
                                                 "Brown_Hair",
                                                 "Bushy_Eyebrows",
                                                 "Chubby",
                                                 "Double_Chin",
                                                 "Eyeglasses",
                                                 "Goatee",
                                                 "Gray_Hair",
                                                 "Heavy_Makeup",
                                                 "High_Cheekbones",
                                                 "Male",
                                                 "Mouth_Slightly_Open",
                                                 "Mustache",
                                                 "Narrow_Eyes",
                                                 "No_Beard",
                                                 "Oval_Face",
                                                 "Pale_Skin",
                                                 "Pointy_Nose",
                                                 "Receding_Hairline",
                                                 "Rosy_Cheeks",
                                                 "Sideburns",
                                                 "Smiling",
                                                 "Straight_Hair",
                                                 "Wavy_Hair",
                                                 "Wearing_Earrings",
                                                 "Wearing_Hat",
                                                 "Wearing_Lipstick",
                                                 "Wearing_Necklace",
                                                 "Wearing_Necktie",
                                                 "Young"};
  return names;
}

namespace {

namespace fs = std::filesystem;

bool is_celeba_photo_folder(const fs::path& name) {
  return name == "img_align_celeba" || name == "img_align_celeba_png" || name == "img_celeba";
}

CelebaFiles find_lists(const fs::path& root) {
  CelebaFiles files;
  files.attributes = first_existing(
      root, {"Anno/list_attr_celeba.txt", "list_attr_celeba.txt", "list_attr_celeba.csv"});
  files.partitions =
      first_existing(root, {"Eval/list_eval_partition.txt", "Anno/list_eval_partition.txt",
                            "list_eval_partition.txt", "list_eval_partition.csv"});
  files.identities = first_existing(root, {"Anno/identity_CelebA.txt", "identity_CelebA.txt"});
  files.detector_boxes =
      first_existing(root, {"Anno/list_bbox_detector.txt", "list_bbox_detector.txt"});
  files.annotated_boxes = first_existing(
      root, {"Anno/list_bbox_celeba.txt", "list_bbox_celeba.txt", "list_bbox_celeba.csv"});
  return files;
}

}  // namespace

std::optional<CelebaFiles> find_celeba(const fs::path& root) {
  if (is_celeba_photo_folder(root.filename())) {
    // The official archives put photos at most Img/img_celeba.7z/img_celeba deep.
    fs::path above = root;
    for (int depth = 0; depth < 3; ++depth) {
      above = above.parent_path();
      CelebaFiles files = find_lists(above);
      files.photos = root;
      if (!files.attributes.empty()) return files;
    }
  }
  CelebaFiles files = find_lists(root);
  // The nested folder is what Kaggle's archive unpacks to.
  files.photos = first_existing(
      root,
      {"img_align_celeba/img_align_celeba", "img_align_celeba", "Img/img_align_celeba",
       "Img/img_align_celeba_png.7z/img_align_celeba_png", "Img/img_align_celeba_png",
       "img_align_celeba_png", "img_celeba", "Img/img_celeba.7z/img_celeba", "Img/img_celeba"});
  const bool known =
      !files.attributes.empty() || !files.identities.empty() || !files.photos.empty();
  if (!known) return std::nullopt;
  return files;
}

Collection read_celeba(const fs::path& root, const CelebaFiles& files, Faults& faults) {
  Collection collection;
  collection.kind = CollectionKind::celeba;
  collection.root = root;
  if (files.attributes.empty()) {
    faults.error(ErrorCode::not_found, root.string() + ": no list_attr_celeba.txt or .csv");
    return collection;
  }
  if (files.photos.empty()) {
    faults.error(
        ErrorCode::not_found,
        root.string() + ": no folder img_align_celeba, img_align_celeba_png or img_celeba");
    return collection;
  }
  const PhotoIndex index(files.photos, false);
  LabelledPhotos photos(collection, index, faults);
  read_attribute_list(files.attributes, collection, photos, faults);
  if (!files.partitions.empty()) read_partitions(files.partitions, photos, faults);
  if (!files.identities.empty()) read_identities(files.identities, photos, faults);
  if (!files.detector_boxes.empty()) read_boxes(files.detector_boxes, true, photos, faults);
  if (!files.annotated_boxes.empty()) {
    // CelebA's own boxes hold for photos in the wild only, and the detector's win.
    const bool keep = files.photos.filename() == "img_celeba" && files.detector_boxes.empty();
    read_boxes(files.annotated_boxes, keep, photos, faults);
  }
  if (index.size() > collection.photos.size()) {
    faults.warning(std::to_string(index.size() - collection.photos.size()) + " photos of " +
                   index.folder().string() + " have no labels");
  }
  return collection;
}

}  // namespace facet::detail
