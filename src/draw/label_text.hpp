// SPDX-License-Identifier: Apache-2.0
// Smooth text on a picture.
#pragma once

#include <opencv2/core.hpp>
#include <string>

namespace facet::detail {

// Pixels that the text takes, in lines of the given height.
int text_width(const std::string& text, int line_height);

// Draws the text into the line whose top left corner is given. Parts outside the canvas (8-bit,
// 3 channels) are left out.
void draw_text(cv::Mat& canvas, const std::string& text, cv::Point top_left, int line_height,
               const cv::Scalar& colour);

// Lays a colour over an area; opacity 0…1.
void shade(cv::Mat& canvas, cv::Rect area, const cv::Scalar& colour, double opacity);

}  // namespace facet::detail
