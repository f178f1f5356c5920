// SPDX-License-Identifier: Apache-2.0
// LFWA's official labels in MATLAB's format (versions 4 to 7.3), through matio.
#pragma once

#include <filesystem>

#include "dataset/label_lists.hpp"

namespace facet::detail {

// lfw_att_40.mat: `name` (cells 'AJ_Cook\AJ_Cook_0001.jpg'), `AttrName` (cells), `label` (photos ×
// attributes, or turned; 1 and 0 or -1).
void read_lfwa_matrix(const std::filesystem::path& file, Collection& collection,
                      LabelledPhotos& photos, Faults& faults);

// indices_train_test.mat: `indices_img_train` and `indices_img_test`, 1-based rows of the labels.
// To be called before the photos are sorted.
void read_lfwa_parts(const std::filesystem::path& file, Collection& collection, Faults& faults);

}  // namespace facet::detail
