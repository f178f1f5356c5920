// SPDX-License-Identifier: Apache-2.0
// What `facet data` does with a collection, apart from reading arguments and printing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dataset/dataset.hpp"

namespace facet::detail {

// A line a finding ("error: …"), then a line that counts them.
std::string format_findings(std::span<const Finding> findings);
bool has_errors(std::span<const Finding> findings);

struct PackSelection {
  std::vector<int> partitions = {};                  // empty: all photos
  std::optional<ScenePart> scenes = std::nullopt;    // a part of the scenes' fixed order
  std::optional<ObjectPart> objects = std::nullopt;  // some of the objects' kinds
  int limit = 0;                                     // at most so many, spread evenly; 0: all
};
// Throws Error(invalid_argument) where nothing is left.
std::vector<const LabelledPhoto*> select_photos(const Collection& collection,
                                                const PackSelection& selection);

}  // namespace facet::detail
