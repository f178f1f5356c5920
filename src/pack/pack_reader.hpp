// SPDX-License-Identifier: Apache-2.0
// Packed photos (see src/pack/pack_writer.hpp for the format), decoded once and kept in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace facet::detail {

// RGB bytes, rows without padding; a spare byte at the end, so that a pixel can be read as four.
struct Raster {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;

  [[nodiscard]] const std::uint8_t* at(int x, int y) const {
    return pixels.data() + (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                            static_cast<std::size_t>(x)) *
                               3;
  }
};

// The photo and so many halvings of it, each half as wide and as high as the one before, rounded
// down, but at least one pixel.
std::vector<Raster> with_halvings(Raster photo, int halvings);

struct PackedPhoto {
  std::string name;
  int identity = -1;
  int category = -1;
  int partition = -1;
  std::vector<std::int8_t> labels;  // 1, 0; -1 unknown; empty where the pack has none
  // The photo and its halvings: a view that shrinks reads the level nearest to its scale.
  std::vector<Raster> levels;

  [[nodiscard]] int width() const { return levels.front().width; }
  [[nodiscard]] int height() const { return levels.front().height; }
};

struct Pack {
  std::string name;
  std::vector<std::string> attributes;
  std::vector<PackedPhoto> photos;
};

// Reads NAME.json, NAME.index.csv and the shards in `folder`. `levels` halvings are made beside the
// photo. `partition` keeps only photos of that partition (-1: all). Throws Error(not_found, io,
// bad_label, unreadable) naming the file and what is wrong with it.
Pack read_pack(const std::filesystem::path& folder, const std::string& name, int levels,
               int partition, int threads);

}  // namespace facet::detail
