// SPDX-License-Identifier: Apache-2.0
// The photos that the report measures on, with the people in them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "evaluate/photo_sets.hpp"

namespace facet::detail {

struct PaperSet {
  std::string name;
  std::string title;  // for people
  EvaluationSet photos;
  std::vector<int> identities;         // of each photo, as the collection numbers people
  std::vector<std::size_t> person_of;  // of each photo, 0 … people - 1
  std::size_t people = 0;

  [[nodiscard]] std::size_t size() const { return photos.photos.size(); }
  [[nodiscard]] std::size_t attributes() const { return photos.attribute_names.size(); }
  [[nodiscard]] bool has(std::size_t photo, std::size_t attribute) const {
    return photos.photos[photo].labels[attribute] > 0;
  }
  // All labels, photos × attributes.
  [[nodiscard]] std::vector<std::int8_t> labels() const;
  // The place of an attribute; throws Error(bad_label) where there is none.
  [[nodiscard]] std::size_t attribute(const std::string& name) const;
};

// wild, frames, frames-test, lfwa (the four that attributes are measured on), svm (CelebA's
// validation part), lfwa-training, lfwa-plus. Throws Error(not_found) where the photos are missing.
PaperSet read_paper_set(const std::string& name, const std::filesystem::path& data, int limit);

// Those that attributes are measured on.
const std::vector<std::string>& measured_sets();

}  // namespace facet::detail
