// SPDX-License-Identifier: Apache-2.0
#include "localise/lnet.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "localise/cell_places.hpp"

namespace facet::detail {
namespace {

constexpr int kTileCells = 160;  // sides of a tile without its margin, in cells
// Maps of so many cells are looked at twice: in smaller ones a face with its margin is most of it.
constexpr int kCoarseFirst = 20 * 20;

// Adds the cells of rows that follow those that are there.
void read_cells(const MapRows& rows, const CellValue& value, std::span<CellMap> cells) {
  const FeatureMap& map = rows.values;
  const auto channels = static_cast<std::size_t>(map.channels);
  for (int n = 0; n < map.count; ++n) {
    CellMap& of_photo = cells[static_cast<std::size_t>(rows.first_image + n)];
    of_photo.height = rows.first_row + map.height;
    of_photo.width = map.width;
    for (int y = 0; y < map.height; ++y) {
      for (int x = 0; x < map.width; ++x) {
        of_photo.values.push_back(value.of(std::span(map.at(n, y, x), channels)));
      }
    }
  }
}

std::vector<CellMap> run_on(NetworkRunner& runner, std::span<const Image> photos,
                            const CellValue& value) {
  std::vector<CellMap> cells(photos.size());
  runner.run(photos, value.layer(), [&](const MapRows& rows) { read_cells(rows, value, cells); });
  return cells;
}

// A run of cells along one axis, and the input pixels they are computed from.
struct Span {
  int first_cell = 0;  // of the part that is kept
  int cells = 0;
  int skip = 0;  // cells of margin before it
  int pixel = 0;
  int pixels = 0;
};

// Cells whose own values see pixels beyond an edge, on either side of it.
int margin_of(const CellGeometry& geometry) {
  return geometry.field / 2 / geometry.stride + 2;
}

// Cells [first, end) of a map of `cells`.
Span span_of(int first, int end, int side, int cells, const CellGeometry& geometry) {
  const int margin = margin_of(geometry);
  const int begin_with_margin = std::max(0, first - margin);
  const int pixel = begin_with_margin * geometry.stride;
  const int pixel_end = end == cells ? side : std::min(side, (end + margin) * geometry.stride);
  return {first, end - first, first - begin_with_margin, pixel, pixel_end - pixel};
}

std::vector<Span> spans(int side, int cells, const CellGeometry& geometry) {
  if (cells <= kTileCells + 2 * margin_of(geometry)) return {{0, cells, 0, 0, side}};
  std::vector<Span> result;
  for (int first = 0; first < cells; first += kTileCells) {
    result.push_back(span_of(first, std::min(first + kTileCells, cells), side, cells, geometry));
  }
  return result;
}

Image part_of(const Image& image, const Span& rows, const Span& columns) {
  Image part(columns.pixels, rows.pixels);
  for (int y = 0; y < rows.pixels; ++y) {
    std::memcpy(part.row(y), image.row(rows.pixel + y) + std::ptrdiff_t{columns.pixel} * 3,
                static_cast<std::size_t>(columns.pixels) * 3);
  }
  return part;
}

void copy_tile(const std::vector<float>& tile, int tile_width, const Span& rows,
               const Span& columns, std::vector<float>& map, int map_width) {
  for (int y = 0; y < rows.cells; ++y) {
    const auto from = tile.begin() + (rows.skip + y) * tile_width + columns.skip;
    std::copy(from, from + columns.cells,
              map.begin() + static_cast<std::ptrdiff_t>(rows.first_cell + y) * map_width +
                  columns.first_cell);
  }
}

// Cells centred more than half a cell outside the photo saw repeated border: they prove nothing.
void silence_outside(ScaleMap& map, int photo_width, int photo_height) {
  const float slack = map.step / 2;
  const auto inside = [slack](float place, int side) {
    return place >= -slack && place <= static_cast<float>(side) + slack;
  };
  for (int y = 0; y < map.height; ++y) {
    const bool row_inside = inside(map.first_y + static_cast<float>(y) * map.step, photo_height);
    for (int x = 0; x < map.width; ++x) {
      if (row_inside && inside(map.first_x + static_cast<float>(x) * map.step, photo_width)) {
        continue;
      }
      map.values[static_cast<std::size_t>(y) * static_cast<std::size_t>(map.width) +
                 static_cast<std::size_t>(x)] = 0;
    }
  }
}

}  // namespace

LNet::LNet(const Network& network, const std::string& tags_layer, Arithmetic arithmetic)
    : network_(&network),
      arithmetic_(arithmetic),
      runner_(network, arithmetic),
      tags_layer_(network.layer_index(tags_layer)),
      geometry_(cell_geometry(network.spec(), tags_layer_)) {
}

NetworkRunner& LNet::coarse_runner() {
  if (!coarse_runner_) coarse_runner_.emplace(*network_, Arithmetic::bf16);
  return *coarse_runner_;
}

std::vector<CellMap> LNet::run(std::span<const Image> photos, const CellValue& value, bool coarse) {
  const bool coarsely = coarse && arithmetic_ == Arithmetic::bf16x3;
  return run_on(coarsely ? coarse_runner() : runner_, photos, value);
}

CellMap LNet::run_coarse_first(const Image& photo, const CellValue& value, float exact_from) {
  CellMap map = std::move(run(std::span(&photo, 1), value, true).front());
  if (std::isinf(exact_from)) return map;
  for (const CellRect& place : places_from(map, exact_from, margin_of(geometry_))) {
    const Span rows = span_of(place.y, place.y + place.height, photo.height, map.height, geometry_);
    const Span columns = span_of(place.x, place.x + place.width, photo.width, map.width, geometry_);
    const Image part = part_of(photo, rows, columns);
    const CellMap exact = run(std::span(&part, 1), value).front();
    copy_tile(exact.values, exact.width, rows, columns, map.values, map.width);
  }
  return map;
}

ScaleMap LNet::run_level(ImageHalvings& photo, const Level& level, const CellValue& value,
                         std::optional<float> exact_from) {
  const bool coarse_first = exact_from && arithmetic_ == Arithmetic::bf16x3;
  ScaleMap result;
  result.scale = level.scale;
  result.height = map_side(network_->spec(), tags_layer_, level.height);
  result.width = map_side(network_->spec(), tags_layer_, level.width);
  result.step = static_cast<float>(geometry_.stride) / level.scale;
  result.first_x = (geometry_.centre - static_cast<float>(level.left)) / level.scale;
  result.first_y = (geometry_.centre - static_cast<float>(level.top)) / level.scale;
  result.values.resize(static_cast<std::size_t>(result.height) *
                       static_cast<std::size_t>(result.width));
  for (const Span& rows : spans(level.height, result.height, geometry_)) {
    for (const Span& columns : spans(level.width, result.width, geometry_)) {
      const Image tile =
          photo.cut(level.photo_window(columns.pixel, rows.pixel, columns.pixels, rows.pixels),
                    columns.pixels, rows.pixels);
      const bool large =
          rows.cells * columns.cells >= kCoarseFirst || (coarse_first && std::isinf(*exact_from));
      const CellMap map = coarse_first && large ? run_coarse_first(tile, value, *exact_from)
                                                : run(std::span(&tile, 1), value).front();
      copy_tile(map.values, map.width, rows, columns, result.values, result.width);
    }
  }
  silence_outside(result, photo.width(), photo.height());
  return result;
}

}  // namespace facet::detail
