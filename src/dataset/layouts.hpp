// SPDX-License-Identifier: Apache-2.0
// One reader a kind of collection; each looks at a folder and says whether it knows it.
#pragma once

#include <filesystem>
#include <optional>

#include "dataset/dataset.hpp"
#include "dataset/faults.hpp"

namespace facet::detail {

// The files of CelebA, wherever a layout puts them; empty paths are absent.
struct CelebaFiles {
  std::filesystem::path attributes;
  std::filesystem::path partitions;
  std::filesystem::path identities;
  std::filesystem::path detector_boxes;
  std::filesystem::path annotated_boxes;  // list_bbox_celeba: pixels of the photos in the wild
  std::filesystem::path photos;
};
// Nothing where no file of CelebA is found. `root` may also be the folder of photos itself, which
// chooses between aligned photos and those in the wild.
std::optional<CelebaFiles> find_celeba(const std::filesystem::path& root);
Collection read_celeba(const std::filesystem::path& root, const CelebaFiles& files, Faults& faults);

struct LfwaFiles {
  std::filesystem::path attributes;   // list_attr_lfwa.txt, or else
  std::filesystem::path matrix;       // lfw_att_40.mat
  std::filesystem::path partitions;   // list_eval_partition.txt, or else
  std::filesystem::path part_matrix;  // indices_train_test.mat
  std::filesystem::path detector_boxes;
  std::filesystem::path photos;
};
std::optional<LfwaFiles> find_lfwa(const std::filesystem::path& root);
Collection read_lfwa(const std::filesystem::path& root, const LfwaFiles& files, Faults& faults);

// Folders of categories, or a flat folder of photos.
Collection read_folders(const std::filesystem::path& root, Faults& faults);

// The first of the candidates, relative to root, that exists; else empty.
std::filesystem::path first_existing(const std::filesystem::path& root,
                                     std::initializer_list<const char*> candidates);

}  // namespace facet::detail
