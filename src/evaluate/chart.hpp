// SPDX-License-Identifier: Apache-2.0
// Curves as pictures.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "facet/image.hpp"

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

// Points outside the axes are moved to their border; with logarithmic axes so is 0.
Image draw_chart(const Chart& chart);

}  // namespace facet::detail
