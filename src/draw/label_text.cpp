// SPDX-License-Identifier: Apache-2.0
#include "draw/label_text.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace facet::detail {
namespace {

constexpr int font = cv::FONT_HERSHEY_SIMPLEX;
// OpenCV's strokes are whole pixels wide; drawn larger and shrunk they come out even.
constexpr int oversampling = 4;
constexpr double capital_share = 0.56;  // height of capitals in a line
constexpr double stroke_share = 0.085;  // width of strokes in a line

struct Pen {
  double scale;
  int stroke;
};

Pen pen_for(int line_height) {
  const double height = static_cast<double>(line_height) * oversampling;
  const int stroke = std::max(1, static_cast<int>(std::lround(height * stroke_share)));
  const int capital = std::max(1, static_cast<int>(std::lround(height * capital_share)));
  return {cv::getFontScaleFromHeight(font, capital, stroke), stroke};
}

// canvas = canvas + (colour - canvas) * mask, the mask 0…255.
void blend(cv::Mat canvas, const cv::Mat& mask, const cv::Scalar& colour) {
  for (int y = 0; y < canvas.rows; ++y) {
    auto* pixels = canvas.ptr<cv::Vec3b>(y);
    const auto* weights = mask.ptr<std::uint8_t>(y);
    for (int x = 0; x < canvas.cols; ++x) {
      for (int c = 0; c < 3; ++c) {
        const double old = pixels[x][c];
        pixels[x][c] = cv::saturate_cast<std::uint8_t>(old + (colour[c] - old) * weights[x] / 255);
      }
    }
  }
}

}  // namespace

int text_width(const std::string& text, int line_height) {
  const Pen pen = pen_for(line_height);
  int baseline = 0;
  const int width = cv::getTextSize(text, font, pen.scale, pen.stroke, &baseline).width;
  return (width + oversampling - 1) / oversampling;
}

void draw_text(cv::Mat& canvas, const std::string& text, cv::Point top_left, int line_height,
               const cv::Scalar& colour) {
  const cv::Rect line(top_left, cv::Size(text_width(text, line_height) + 1, line_height));
  const cv::Rect visible = line & cv::Rect({0, 0}, canvas.size());
  if (visible.empty()) return;
  const Pen pen = pen_for(line_height);
  cv::Mat large = cv::Mat::zeros(line.size() * oversampling, CV_8U);
  const int baseline =
      static_cast<int>(std::lround(line_height * oversampling * (1 + capital_share) / 2));
  cv::putText(large, text, {pen.stroke / 2, baseline}, font, pen.scale, 255, pen.stroke,
              cv::LINE_AA);
  cv::Mat mask;
  cv::resize(large, mask, line.size(), 0, 0, cv::INTER_AREA);
  blend(canvas(visible), mask(visible - line.tl()), colour);
}

void shade(cv::Mat& canvas, cv::Rect area, const cv::Scalar& colour, double opacity) {
  const cv::Rect visible = area & cv::Rect({0, 0}, canvas.size());
  if (visible.empty()) return;
  cv::Mat part = canvas(visible);
  const cv::Mat flat(part.size(), part.type(), colour);
  cv::addWeighted(part, 1 - opacity, flat, opacity, 0, part);
}

}  // namespace facet::detail
