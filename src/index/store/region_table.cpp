// SPDX-License-Identifier: Apache-2.0
#include "index/store/region_table.hpp"

#include <algorithm>
#include <tuple>

namespace facet::detail {
namespace {

std::string folded(std::string_view name) {
  std::string text(name);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

}  // namespace

StoredBox box_of(const NamedRegion& region) {
  return stored_box({static_cast<float>(region.x - region.width / 2),
                     static_cast<float>(region.y - region.height / 2),
                     static_cast<float>(region.width), static_cast<float>(region.height)},
                    1, 1);
}

std::vector<int> faces_of_regions(std::span<const NamedRegion> regions,
                                  std::span<const StoredFace> faces) {
  std::vector<std::tuple<float, std::size_t, std::size_t>> pairs;
  for (std::size_t r = 0; r < regions.size(); ++r) {
    const StoredBox box = box_of(regions[r]);
    for (std::size_t f = 0; f < faces.size(); ++f) {
      const float common = overlap(box, faces[f].box);
      if (common >= kMeantByRegion) pairs.emplace_back(-common, r, f);
    }
  }
  std::sort(pairs.begin(), pairs.end());
  std::vector<int> numbers(regions.size(), 0);
  std::vector<bool> taken(faces.size(), false);
  for (const auto& [common, r, f] : pairs) {
    if (numbers[r] != 0 || taken[f]) continue;
    numbers[r] = faces[f].number;
    taken[f] = true;
  }
  return numbers;
}

void RegionTable::set(std::uint32_t photo, std::span<const NamedRegion> regions,
                      std::span<const StoredFace> faces) {
  database_.run("DELETE FROM region WHERE photo = $1", {photo});
  const std::vector<int> numbers = faces_of_regions(regions, faces);
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const NamedRegion& region = regions[i];
    database_.run(
        "INSERT INTO region (photo, number, x, y, width, height, name) VALUES ($1, $2, $3, $4, $5, "
        "$6, $7)",
        {photo, numbers[i], region.x, region.y, region.width, region.height, region.name});
  }
}

std::vector<std::pair<std::uint32_t, int>> RegionTable::faces_named(const std::string& name) const {
  const std::string wanted = folded(name);
  std::vector<std::pair<std::uint32_t, int>> faces;
  database_.run("SELECT photo, number, name FROM region", {}, [&](const SqlRow& row) {
    if (folded(row.text(2)) != wanted) return;
    faces.emplace_back(static_cast<std::uint32_t>(row.integer(0)),
                       static_cast<int>(row.integer(1)));
  });
  return faces;
}

std::vector<std::string> RegionTable::names() const {
  std::vector<std::string> names;
  database_.run("SELECT DISTINCT name FROM region ORDER BY name", {},
                [&](const SqlRow& row) { names.emplace_back(row.text(0)); });
  return names;
}

std::vector<std::pair<int, std::string>> RegionTable::of_photo(std::uint32_t photo) const {
  std::vector<std::pair<int, std::string>> names;
  database_.run("SELECT number, name FROM region WHERE photo = $1 AND number > 0 ORDER BY number",
                {photo}, [&](const SqlRow& row) {
                  names.emplace_back(static_cast<int>(row.integer(0)), std::string(row.text(1)));
                });
  return names;
}

}  // namespace facet::detail
