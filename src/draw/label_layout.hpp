// SPDX-License-Identifier: Apache-2.0
// Finds room for the lists of attributes beside faces.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace facet::detail {

struct LabelRequest {
  cv::Rect face;
  std::vector<int> row_widths;  // pixels a row of text needs, the most important first
};

struct LabelStyle {
  int row_height = 16;
  int padding = 4;  // around the rows, inside the panel
  int gap = 4;      // between box and panel, and to the border of the picture
};

struct LabelPanel {
  cv::Rect area;         // inside the picture; empty where no room was found
  std::size_t rows = 0;  // how many of the rows fit
};

// One panel a request, in order; earlier requests choose first. Panels never overlap each other
// and avoid the faces, other people's most of all; one shows fewer rows rather than hide a face.
std::vector<LabelPanel> place_labels(cv::Size canvas, const std::vector<LabelRequest>& requests,
                                     const LabelStyle& style);

}  // namespace facet::detail
