// SPDX-License-Identifier: Apache-2.0
// Curves as pictures: SVG, readable on light and on dark pages.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace facet::detail {

struct ChartCurve {
  std::string name;
  std::vector<std::pair<double, double>> points;  // x ascending
};

struct ChartAxis {
  std::string title;
  double low = 0;
  double high = 1;
  bool logarithmic = false;  // ticks at powers of ten; else `step` apart
  double step = 0.1;
};

struct Chart {
  std::string title;
  ChartAxis x;
  ChartAxis y;
  std::vector<ChartCurve> curves;
  bool names_left = false;  // where falling curves leave room; else at the lower right
};

// The text of an SVG file. Points outside the axes are moved to their border; with logarithmic axes
// so is 0.
std::string chart_svg(const Chart& chart);
// The same as a file, there completely or not at all. Throws Error(io).
void write_chart(const std::filesystem::path& file, const Chart& chart);

}  // namespace facet::detail
