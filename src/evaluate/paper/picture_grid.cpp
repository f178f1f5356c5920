// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/picture_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/atomic_file.hpp"
#include "base/base64.hpp"
#include "base/html_text.hpp"
#include "image/encode.hpp"

namespace facet::detail {
namespace {

constexpr int kLabels = 190;  // room for the rows' labels
constexpr int kGap = 12;
constexpr int kCaption = 20;
constexpr int kTop = 70;
constexpr int kQuality = 85;

constexpr const char* kStyle = R"(<style>
  svg { background: #fff; color: #111; }
  text { font: 13px sans-serif; fill: currentColor; }
  .middle { text-anchor: middle; }
  @media (prefers-color-scheme: dark) { svg { background: #111; color: #eee; } }
</style>
)";

std::string text_at(int x, int y, const std::string& text, bool middle) {
  return "<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + '"' +
         (middle ? " class=\"middle\"" : "") + '>' + html_escaped(text) + "</text>\n";
}

std::string picture_at(int x, int y, const PictureGrid& grid, const Image& image) {
  return "<image x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" width=\"" +
         std::to_string(grid.cell_width) + "\" height=\"" + std::to_string(grid.cell_height) +
         "\" href=\"data:image/jpeg;base64," + base64_text(encode_jpeg(image, kQuality)) + "\"/>\n";
}

}  // namespace

void write_picture_grid(const std::filesystem::path& file, const PictureGrid& grid) {
  std::size_t most = grid.columns.size();
  for (const PictureGrid::Row& row : grid.rows) most = std::max(most, row.cells.size());
  const int step_x = grid.cell_width + kGap;
  const int step_y = grid.cell_height + kCaption + kGap;
  const int width = kLabels + static_cast<int>(most) * step_x;
  const int height = kTop + static_cast<int>(grid.rows.size()) * step_y;
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " +
                    std::to_string(width) + ' ' + std::to_string(height) + "\">\n" + kStyle;
  svg += text_at(10, 24, grid.title, false);
  for (std::size_t column = 0; column < grid.columns.size(); ++column) {
    svg += text_at(kLabels + static_cast<int>(column) * step_x + grid.cell_width / 2, kTop - 14,
                   grid.columns[column], true);
  }
  for (std::size_t r = 0; r < grid.rows.size(); ++r) {
    const int y = kTop + static_cast<int>(r) * step_y;
    svg += text_at(10, y + grid.cell_height / 2, grid.rows[r].label, false);
    for (std::size_t column = 0; column < grid.rows[r].cells.size(); ++column) {
      const PictureCell& cell = grid.rows[r].cells[column];
      const int x = kLabels + static_cast<int>(column) * step_x;
      if (!cell.image.empty()) svg += picture_at(x, y, grid, cell.image);
      svg += text_at(x + grid.cell_width / 2, y + grid.cell_height + 15, cell.caption, true);
    }
  }
  AtomicFile out(file);
  out.write(svg + "</svg>\n");
  out.commit();
}

void heat_colour(float value, std::uint8_t* rgb) {
  // Viridis at five places.
  constexpr std::array<std::array<float, 3>, 5> stops = {
      {{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}}};
  const float at = std::clamp(value, 0.0F, 1.0F) * 4;
  const auto below = std::min<std::size_t>(3, static_cast<std::size_t>(at));
  const float part = at - static_cast<float>(below);
  for (std::size_t c = 0; c < 3; ++c) {
    rgb[c] = static_cast<std::uint8_t>(
        std::lround(stops[below][c] * (1 - part) + stops[below + 1][c] * part));
  }
}

}  // namespace facet::detail
