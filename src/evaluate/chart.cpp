// SPDX-License-Identifier: Apache-2.0
#include "evaluate/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/atomic_file.hpp"
#include "evaluate/result_table.hpp"

namespace facet::detail {
namespace {

constexpr double left = 80;
constexpr double right = 870;
constexpr double top = 50;
constexpr double bottom = 530;

// Curve colours are distinguishable to colour-blind readers (Okabe and Ito); the last one is that
// of the text.
constexpr const char* head = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 600">
<style>
  svg { background: #fff; color: #111; }
  text { font: 14px sans-serif; fill: currentColor; }
  .middle { text-anchor: middle; }
  .end { text-anchor: end; }
  .grid { stroke: #8885; }
  .frame { fill: none; stroke: currentColor; }
  .curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
  @media (prefers-color-scheme: dark) { svg { background: #111; color: #eee; } }
</style>
)";
constexpr std::array<const char*, 7> colours = {"#0072b2", "#d55e00", "#009e73",     "#cc79a7",
                                                "#e69f00", "#56b4e9", "currentColor"};

double along(const ChartAxis& axis, double value) {
  const double inside = std::clamp(value, axis.low, axis.high);
  if (axis.logarithmic) return std::log(inside / axis.low) / std::log(axis.high / axis.low);
  return (inside - axis.low) / (axis.high - axis.low);
}

double x_of(const Chart& chart, double value) {
  return left + along(chart.x, value) * (right - left);
}

double y_of(const Chart& chart, double value) {
  return bottom - along(chart.y, value) * (bottom - top);
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

std::string without_end_zeros(std::string text) {
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string pixels(double value) {
  return without_end_zeros(fixed(value, 1));
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else {
      result += c;
    }
  }
  return result;
}

std::string text_at(double x, double y, const std::string& text, const std::string& anchor = {}) {
  std::string element = "<text x=\"" + pixels(x) + "\" y=\"" + pixels(y) + '"';
  if (!anchor.empty()) element += " class=\"" + anchor + '"';
  return element + '>' + escaped(text) + "</text>\n";
}

std::string line(double x1, double y1, double x2, double y2, const std::string& attributes) {
  return "<line x1=\"" + pixels(x1) + "\" y1=\"" + pixels(y1) + "\" x2=\"" + pixels(x2) +
         "\" y2=\"" + pixels(y2) + "\" " + attributes + "/>\n";
}

std::string axes(const Chart& chart) {
  const std::string grid = "class=\"grid\"";
  std::string svg;
  for (const double at : ticks(chart.x)) {
    const double x = x_of(chart, at);
    svg += line(x, top, x, bottom, grid);
    svg += text_at(x, bottom + 20, without_end_zeros(fixed(at, 4)), "middle");
  }
  for (const double at : ticks(chart.y)) {
    const double y = y_of(chart, at);
    svg += line(left, y, right, y, grid);
    svg += text_at(left - 8, y + 5, without_end_zeros(fixed(at, 4)), "end");
  }
  svg += "<rect class=\"frame\" x=\"" + pixels(left) + "\" y=\"" + pixels(top) + "\" width=\"" +
         pixels(right - left) + "\" height=\"" + pixels(bottom - top) + "\"/>\n";
  svg += text_at((left + right) / 2, top - 20, chart.title, "middle");
  svg += text_at((left + right) / 2, bottom + 45, chart.x.title, "middle");
  svg += text_at(10, top - 20, chart.y.title);
  return svg;
}

// Points that fall on the one before are left out: a curve may have one a photo.
std::string path_of(const Chart& chart, const ChartCurve& curve) {
  std::string path;
  std::string last;
  for (const auto& [x, y] : curve.points) {
    const std::string place = pixels(x_of(chart, x)) + ',' + pixels(y_of(chart, y));
    if (place == last) continue;
    if (!path.empty()) path += ' ';
    path += place;
    last = place;
  }
  return path;
}

std::string drawn_curve(const Chart& chart, std::size_t number) {
  const ChartCurve& curve = chart.curves[number];
  const std::string stroke = "stroke=\"" + std::string(colours[number % colours.size()]) + '"';
  const double y = bottom - 20 * static_cast<double>(chart.curves.size() - number);
  const double x = chart.names_left ? left + 20 : right - 260;
  return "<polyline class=\"curve\" " + stroke + " points=\"" + path_of(chart, curve) + "\"/>\n" +
         line(x, y, x + 30, y, stroke + " stroke-width=\"3\"") + text_at(x + 38, y + 5, curve.name);
}

}  // namespace

std::string chart_svg(const Chart& chart) {
  std::string svg = head + axes(chart);
  for (std::size_t i = 0; i < chart.curves.size(); ++i) svg += drawn_curve(chart, i);
  return svg + "</svg>\n";
}

void write_chart(const std::filesystem::path& file, const Chart& chart) {
  AtomicFile out(file);
  out.write(chart_svg(chart));
  out.commit();
}

}  // namespace facet::detail
