// SPDX-License-Identifier: Apache-2.0
// Small pictures side by side, as one SVG.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "facet/image.hpp"

namespace facet::detail {

struct PictureCell {
  Image image;          // empty: no picture here
  std::string caption;  // below it
};

struct PictureGrid {
  std::string title;
  std::vector<std::string> columns;  // above the columns
  struct Row {
    std::string label;  // before the pictures
    std::vector<PictureCell> cells;
  };
  std::vector<Row> rows;
  int cell_width = 96;  // as drawn
  int cell_height = 112;
};

// Readable on light and on dark pages. Throws Error(io).
void write_picture_grid(const std::filesystem::path& file, const PictureGrid& grid);

// A value 0 … 1 as a colour, from dark to light; readable to colour-blind people and in grey.
void heat_colour(float value, std::uint8_t* rgb);

}  // namespace facet::detail
