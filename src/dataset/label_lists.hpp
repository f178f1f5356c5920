// SPDX-License-Identifier: Apache-2.0
// The lists that CelebA and LFWA share: attributes, partitions, identities, boxes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

#include "dataset/dataset.hpp"
#include "dataset/faults.hpp"
#include "dataset/photo_index.hpp"

namespace facet::detail {

// Builds a collection photo by photo, refusing doubles and photos that are not on disk.
class LabelledPhotos {
 public:
  LabelledPhotos(Collection& collection, const PhotoIndex& index, Faults& faults)
      : collection_(collection), index_(index), faults_(faults) {}

  // `where` names file and line for messages.
  void add(const std::string& where, std::string name, std::vector<std::int8_t> labels);
  // The photo that another list names; nullptr, and a fault, where the attribute list lacks it.
  LabelledPhoto* find(const std::string& where, std::string_view name);

 private:
  Collection& collection_;
  const PhotoIndex& index_;
  Faults& faults_;
  std::unordered_map<std::string, std::size_t> by_stem_;
};

// list_attr_*.txt (count, names, rows) or .csv (names, rows).
void read_attribute_list(const std::filesystem::path& file, Collection& collection,
                         LabelledPhotos& photos, Faults& faults);

// `photo number` rows: list_eval_partition (0, 1, 2), identity_CelebA.
void read_partitions(const std::filesystem::path& file, LabelledPhotos& photos, Faults& faults);
void read_identities(const std::filesystem::path& file, LabelledPhotos& photos, Faults& faults);

// `photo x y w h [x y w h …]`, with or without CelebA's count and column names before. Without
// `keep` the file is only checked.
void read_boxes(const std::filesystem::path& file, bool keep, LabelledPhotos& photos,
                Faults& faults);

// Attribute names must be there once each.
void check_attribute_names(const std::string& where, const std::vector<std::string>& names,
                           Faults& faults);

}  // namespace facet::detail
