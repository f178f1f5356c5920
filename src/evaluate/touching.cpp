// SPDX-License-Identifier: Apache-2.0
#include "evaluate/touching.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <optional>

#include "base/parallel_loop.hpp"
#include "evaluate/result_table.hpp"
#include "evaluate/robustness_variants.hpp"
#include "facet/error.hpp"
#include "image/resample.hpp"

namespace facet::detail {
namespace {

constexpr float kTileShare = 0.9F;  // of the sides of a face's box
constexpr int kTileWidth = 80;      // pixels
constexpr int kTileHeight = 110;
constexpr int kColumns = 5;
constexpr std::size_t kTogether = 20;  // faces of a sheet
constexpr std::uint8_t kGrey = 128;

float distance(const Box& a, const Box& b) {
  return std::hypot(a.centre_x() - b.centre_x(), a.centre_y() - b.centre_y());
}

std::vector<Image> read_tiles(const EvaluationSet& set, std::size_t most,
                              const EvaluationOptions& options,
                              std::vector<std::string>& unreadable) {
  std::vector<EvaluationPhoto> photos;
  for (const std::size_t i : spread_evenly(set.photos.size(), static_cast<int>(most))) {
    photos.push_back(set.photos[i]);
  }
  std::vector<Image> all(photos.size());
  const auto failed = for_each_photo(photos, options.threads, "touching " + set.name,
                                     options.progress, [&]() -> PhotoWork {
                                       return [&](const ListedPhoto& photo, std::size_t index) {
                                         if (!photo.boxes.empty())
                                           all[index] = face_tile(photo.image, photo.boxes.front());
                                       };
                                     });
  unreadable.insert(unreadable.end(), failed.begin(), failed.end());
  std::erase_if(all, [](const Image& tile) { return tile.empty(); });
  return all;
}

}  // namespace

Image face_tile(const Image& photo, const Box& face) {
  // As high as the face's share, as wide as tiles are: nothing is stretched.
  const float height = kTileShare * face.height;
  const float width = height * kTileWidth / kTileHeight;
  const Box middle{face.centre_x() - width / 2, face.centre_y() - height / 2, width, height};
  return resample(photo, middle, kTileWidth, kTileHeight);
}

FaceSheet make_sheet(std::span<const Image> tiles, int columns) {
  if (tiles.empty() || columns < 1) {
    throw Error(ErrorCode::invalid_argument, "a sheet needs a tile and a column");
  }
  const int count = static_cast<int>(tiles.size());
  const int across = std::min(count, columns);
  FaceSheet sheet;
  sheet.image = Image(across * kTileWidth, (count + columns - 1) / columns * kTileHeight);
  std::fill(sheet.image.pixels.begin(), sheet.image.pixels.end(), kGrey);
  for (int i = 0; i < count; ++i) {
    const Image& tile = tiles[static_cast<std::size_t>(i)];
    if (tile.width != kTileWidth || tile.height != kTileHeight) {
      throw Error(ErrorCode::invalid_argument, "a tile of " + std::to_string(tile.width) + "×" +
                                                   std::to_string(tile.height) +
                                                   " pixels does not fit the sheet");
    }
    const int left = i % columns * kTileWidth;
    const int top = i / columns * kTileHeight;
    for (int y = 0; y < kTileHeight; ++y) {
      std::memcpy(sheet.image.row(top + y) + static_cast<std::ptrdiff_t>(left) * 3, tile.row(y),
                  static_cast<std::size_t>(kTileWidth) * 3);
    }
    sheet.tiles.push_back({static_cast<float>(left), static_cast<float>(top),
                           static_cast<float>(kTileWidth), static_cast<float>(kTileHeight)});
  }
  return sheet;
}

SheetFigures judge_sheet(const FaceSheet& sheet, std::span<const Box> boxes) {
  SheetFigures figures;
  figures.tiles = sheet.tiles.size();
  std::vector<char> found(sheet.tiles.size(), 0);
  for (const Box& box : boxes) {
    const auto nearest = std::min_element(
        sheet.tiles.begin(), sheet.tiles.end(),
        [&](const Box& a, const Box& b) { return distance(a, box) < distance(b, box); });
    char& known = found[static_cast<std::size_t>(nearest - sheet.tiles.begin())];
    if (known == 0 && stands_for(box, *nearest)) {
      known = 1;
      ++figures.found;
    } else {
      ++figures.others;
    }
  }
  return figures;
}

SheetFigures measure_touching(const EvaluationSet& set, std::size_t most,
                              const EvaluationOptions& options,
                              std::vector<std::string>& unreadable) {
  const std::vector<Image> tiles = read_tiles(set, most, options, unreadable);
  LocateOptions locate;
  locate.proposals = options.proposals;
  SheetFigures all;
  std::mutex adding;
  for_each_worker((tiles.size() + kTogether - 1) / kTogether, options.threads, [&]() {
    const auto predictor = std::make_shared<Predictor>(options.model, 1, options.precision);
    return [&, predictor](std::size_t index) {
      const std::size_t first = index * kTogether;
      const FaceSheet sheet = make_sheet(
          std::span(tiles).subspan(first, std::min(kTogether, tiles.size() - first)), kColumns);
      std::vector<Box> boxes;
      for (const Face& face : predictor->locate(sheet.image, locate).faces) {
        boxes.push_back(face.box);
      }
      const SheetFigures one = judge_sheet(sheet, boxes);
      const std::lock_guard lock(adding);
      all.tiles += one.tiles;
      all.found += one.found;
      all.others += one.others;
    };
  });
  return all;
}

std::string touching_text(std::span<const TouchingRow> rows) {
  std::string text;
  for (const auto& [set, figures] : rows) {
    if (figures.tiles == 0) continue;
    text += "touching faces of " + set + ", tiles of 0.9 of their boxes side by side: " +
            percent(static_cast<double>(figures.found) / static_cast<double>(figures.tiles)) +
            " % of " + std::to_string(figures.tiles) + " found, " + std::to_string(figures.others) +
            " other boxes\n";
  }
  return text;
}

void write_touching(const std::filesystem::path& folder, std::span<const TouchingRow> rows,
                    const RunRecord& record) {
  ResultTable table{{"set", "faces", "found", "others"}, {}};
  const auto columns = record_columns();
  table.columns.insert(table.columns.end(), columns.begin(), columns.end());
  for (const auto& [set, figures] : rows) {
    if (figures.tiles == 0) continue;
    table.rows.push_back(
        {set, std::to_string(figures.tiles),
         percent(static_cast<double>(figures.found) / static_cast<double>(figures.tiles)),
         std::to_string(figures.others)});
    const auto fields = record_fields(record);
    table.rows.back().insert(table.rows.back().end(), fields.begin(), fields.end());
  }
  write_csv(folder / "localisation-touching.csv", table);
}

}  // namespace facet::detail
