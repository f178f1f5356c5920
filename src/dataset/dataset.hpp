// SPDX-License-Identifier: Apache-2.0
// Photo collections with labels: CelebA, LFWA, folders of categories.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "facet/box.hpp"

namespace facet::detail {

struct LabelledPhoto {
  std::string name;                 // as the label file names it, e.g. "000001.jpg"
  std::filesystem::path path;       // the file on disk: any known extension with the same stem
  std::vector<std::int8_t> labels;  // ±1 an attribute; empty where the collection has none
  int identity = -1;                // CelebA's number; LFWA: index of the person by name; -1 none
  int partition = -1;               // 0 training, 1 validation (LFWA: test), 2 test; -1 none
  int category = -1;                // folders of categories
  // list_bbox_detector.txt where present, dominant first; else list_bbox_celeba for img_celeba.
  std::vector<Box> boxes;
};

enum class CollectionKind { celeba, lfwa, categories, photos };

struct Collection {
  CollectionKind kind = CollectionKind::photos;
  std::filesystem::path root;
  std::vector<std::string> attribute_names;
  std::vector<std::string> category_names;
  std::vector<LabelledPhoto> photos;  // sorted by name
};

struct Finding {
  enum class Level { note, warning, error } level = Level::note;
  std::string message;  // names file, line and value
};

// Reads a collection. Layouts: CelebA official (Anno/, Eval/, Img/), torchvision's, Kaggle's CSVs,
// and label files beside img_celeba/ or img_align_celeba/; LFWA text (anno/) and lfw_att_40.mat;
// categories (folder/train|val/<category>/photo or folder/<category>/photo); else a flat folder of
// photos. Throws Error(not_found, bad_label) on the first fault, naming file, line and value.
Collection read_collection(const std::filesystem::path& root);

// The same, but gathers every fault instead of stopping: missing photos, wrong counts, unknown
// names, values other than ±1, photos that do not decode (`decode`: read each photo).
std::vector<Finding> check_collection(const std::filesystem::path& root, bool decode);

// LFWA with the labels of anno/list_attr_extended.txt, attributes beyond the forty (LFWA+), in
// place of those. Throws as read_collection does, Error(not_found) where that list is missing.
Collection read_lfwa_extended(const std::filesystem::path& root);

// The forty names of CelebA in the order of its label file.
const std::vector<std::string>& celeba_attribute_names();

// The partial order of "scenes": sorted by name, first 940 train, next 190 thresholds, rest
// measure.
enum class ScenePart { train, threshold, measure };
std::vector<std::filesystem::path> scenes(const std::filesystem::path& root, ScenePart part);

// Photos of single objects in a flat folder, named KIND_number: every fifth kind, in the order of
// its bytes and the first included, is kept for choosing, the others are for training.
enum class ObjectPart { train, choose };
std::vector<std::filesystem::path> objects(const std::filesystem::path& root, ObjectPart part);
// "sea_horse" of ".../sea_horse_0012.webp".
std::string object_kind(const std::filesystem::path& photo);

}  // namespace facet::detail
