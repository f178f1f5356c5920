// SPDX-License-Identifier: Apache-2.0
#include "evaluate/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "evaluate/result_table.hpp"

namespace facet::detail {
namespace {

constexpr int width = 900;
constexpr int height = 600;
constexpr int left = 80;
constexpr int right = 870;
constexpr int top = 50;
constexpr int bottom = 530;
constexpr int font = cv::FONT_HERSHEY_SIMPLEX;
constexpr double small_text = 0.45;

// Distinguishable to colour-blind readers (Okabe and Ito), red, green, blue.
const std::array<cv::Scalar, 7>& colours() {
  static const std::array<cv::Scalar, 7> list = {cv::Scalar(0, 114, 178), cv::Scalar(213, 94, 0),
                                                 cv::Scalar(0, 158, 115), cv::Scalar(204, 121, 167),
                                                 cv::Scalar(230, 159, 0), cv::Scalar(86, 180, 233),
                                                 cv::Scalar(0, 0, 0)};
  return list;
}

double along(const ChartAxis& axis, double value) {
  const double inside = std::clamp(value, axis.low, axis.high);
  if (axis.logarithmic) return std::log(inside / axis.low) / std::log(axis.high / axis.low);
  return (inside - axis.low) / (axis.high - axis.low);
}

int x_of(const Chart& chart, double value) {
  return left + static_cast<int>(std::lround(along(chart.x, value) * (right - left)));
}

int y_of(const Chart& chart, double value) {
  return bottom - static_cast<int>(std::lround(along(chart.y, value) * (bottom - top)));
}

std::vector<double> ticks(const ChartAxis& axis) {
  std::vector<double> places;
  const double slack = 1e-9 * axis.high;
  if (axis.logarithmic) {
    for (double at = axis.low; at <= axis.high + slack; at *= 10) places.push_back(at);
  } else {
    for (int i = 0; axis.low + i * axis.step <= axis.high + slack; ++i) {
      places.push_back(axis.low + i * axis.step);
    }
  }
  return places;
}

void write(cv::Mat& canvas, const std::string& text, cv::Point at, bool centred) {
  int ignored = 0;
  const cv::Size size = cv::getTextSize(text, font, small_text, 1, &ignored);
  if (centred) at.x -= size.width / 2;
  cv::putText(canvas, text, at, font, small_text, cv::Scalar(0, 0, 0), 1, cv::LINE_AA);
}

std::string tick_text(double value) {
  std::string text = fixed(value, 4);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

void draw_axes(cv::Mat& canvas, const Chart& chart) {
  const cv::Scalar grid(215, 215, 215);
  for (const double at : ticks(chart.x)) {
    const int x = x_of(chart, at);
    cv::line(canvas, {x, top}, {x, bottom}, grid, 1);
    write(canvas, tick_text(at), {x, bottom + 20}, true);
  }
  for (const double at : ticks(chart.y)) {
    const int y = y_of(chart, at);
    cv::line(canvas, {left, y}, {right, y}, grid, 1);
    write(canvas, tick_text(at), {left - 45, y + 5}, false);
  }
  cv::rectangle(canvas, {left, top}, {right, bottom}, cv::Scalar(0, 0, 0), 1);
  write(canvas, chart.title, {(left + right) / 2, top - 20}, true);
  write(canvas, chart.x.title, {(left + right) / 2, bottom + 45}, true);
  write(canvas, chart.y.title, {10, top - 20}, false);
}

void draw_curve(cv::Mat& canvas, const Chart& chart, std::size_t number) {
  const ChartCurve& curve = chart.curves[number];
  const cv::Scalar& colour = colours()[number % colours().size()];
  std::vector<cv::Point> line;
  for (const auto& [x, y] : curve.points) line.emplace_back(x_of(chart, x), y_of(chart, y));
  if (!line.empty()) cv::polylines(canvas, line, false, colour, 2, cv::LINE_AA);
  const int y = bottom - 20 * static_cast<int>(chart.curves.size() - number);
  const int x = chart.names_left ? left + 20 : right - 260;
  cv::line(canvas, {x, y}, {x + 30, y}, colour, 3);
  write(canvas, curve.name, {x + 38, y + 5}, false);
}

}  // namespace

Image draw_chart(const Chart& chart) {
  cv::Mat canvas(height, width, CV_8UC3, cv::Scalar(255, 255, 255));
  draw_axes(canvas, chart);
  for (std::size_t i = 0; i < chart.curves.size(); ++i) draw_curve(canvas, chart, i);
  Image picture(width, height);
  for (int y = 0; y < height; ++y) {
    std::memcpy(picture.row(y), canvas.ptr(y), static_cast<std::size_t>(width) * 3);
  }
  return picture;
}

}  // namespace facet::detail
