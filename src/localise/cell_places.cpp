// SPDX-License-Identifier: Apache-2.0
#include "localise/cell_places.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace facet::detail {
namespace {

// More are a crowd or a pattern, and to join them would take longer than to look.
constexpr std::size_t kMostPlaces = 200;

CellRect around(int x, int y, const CellMap& map) {
  const int left = std::max(0, x - 1);
  const int top = std::max(0, y - 1);
  return {left, top, std::min(map.width, x + 2) - left, std::min(map.height, y + 2) - top};
}

CellRect joined(const CellRect& a, const CellRect& b) {
  const int left = std::min(a.x, b.x);
  const int top = std::min(a.y, b.y);
  return {left, top, std::max(a.x + a.width, b.x + b.width) - left,
          std::max(a.y + a.height, b.y + b.height) - top};
}

std::int64_t cost(const CellRect& place, const CellMap& map, int margin) {
  const CellRect all{0, 0, map.width, map.height};
  const int right = std::min(place.x + place.width + margin, all.width);
  const int bottom = std::min(place.y + place.height + margin, all.height);
  return std::int64_t{right - std::max(0, place.x - margin)} *
         (bottom - std::max(0, place.y - margin));
}

}  // namespace

std::vector<CellRect> places_from(const CellMap& map, float least, int margin) {
  const CellRect all{0, 0, map.width, map.height};
  std::vector<CellRect> places;
  for (int y = 0; y < map.height; ++y) {
    const float* row = map.values.data() + std::ptrdiff_t{y} * map.width;
    for (int x = 0; x < map.width; ++x) {
      if (row[x] < least) continue;
      CellRect place = around(x, y, map);
      // What is joined may be near others again.
      for (std::size_t i = 0; i < places.size();) {
        const CellRect both = joined(place, places[i]);
        if (cost(both, map, margin) > cost(place, map, margin) + cost(places[i], map, margin)) {
          ++i;
          continue;
        }
        place = both;
        places[i] = places.back();
        places.pop_back();
        i = 0;
      }
      places.push_back(place);
      if (places.size() > kMostPlaces) return {all};
    }
  }
  std::int64_t sum = 0;
  for (const CellRect& place : places) sum += cost(place, map, margin);
  if (sum >= cost(all, map, margin)) return {all};
  return places;
}

}  // namespace facet::detail
