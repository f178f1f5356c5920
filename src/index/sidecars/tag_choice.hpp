// SPDX-License-Identifier: Apache-2.0
// Which attributes become tags.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "facet/prediction.hpp"

namespace facet::detail {

struct TagChoice {
  std::set<std::string> attributes;  // by their names; empty: all
  std::optional<float> least;        // probability from which one holds; without: its threshold
  ThresholdMode threshold_mode = ThresholdMode::accuracy;

  [[nodiscard]] bool has(const std::string& attribute) const {
    return attributes.empty() || attributes.contains(attribute);
  }
};

// Names as they are typed, upper and lower case, _ and - being the same, to those among `known`.
// Throws Error(invalid_argument) for what is none of them, with what was perhaps meant.
std::set<std::string> chosen_attributes(const std::vector<std::string>& typed,
                                        const std::vector<std::string>& known);

// Those that hold for some face of the photo.
std::set<std::string> tags_of(const PhotoResult& photo, const TagChoice& choice);

}  // namespace facet::detail
