// SPDX-License-Identifier: Apache-2.0
// Names that other programs gave to faces (MWG regions in XMP).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "index/sql/sql_database.hpp"
#include "index/store/face_columns.hpp"

namespace facet::detail {

// A region of the upright photo; centre and sides in 0…1 of its sides, as XMP gives them.
struct NamedRegion {
  std::string name;
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  friend bool operator==(const NamedRegion&, const NamedRegion&) = default;
};

// Programs draw their boxes by different habits, some around the head, some around the face: a
// region means a face from this overlap on.
constexpr float kMeantByRegion = 0.25F;

StoredBox box_of(const NamedRegion& region);

// Which face each region means: the number of the one it overlaps best, at least by a quarter; 0
// where there is none. No face is meant twice.
std::vector<int> faces_of_regions(std::span<const NamedRegion> regions,
                                  std::span<const StoredFace> faces);

class RegionTable {
 public:
  explicit RegionTable(SqlDatabase& database) : database_(database) {}

  // Replaces what was known of the photo. Inside a transaction.
  void set(std::uint32_t photo, std::span<const NamedRegion> regions,
           std::span<const StoredFace> faces);
  // Photo and number of each face of that name, number 0 where no face was found there; upper and
  // lower case are the same.
  [[nodiscard]] std::vector<std::pair<std::uint32_t, int>> faces_named(
      const std::string& name) const;
  [[nodiscard]] std::vector<std::string> names() const;
  // Names of one photo's faces by number.
  [[nodiscard]] std::vector<std::pair<int, std::string>> of_photo(std::uint32_t photo) const;

 private:
  SqlDatabase& database_;
};

}  // namespace facet::detail
